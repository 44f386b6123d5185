package dev.dltjava.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.arrow.abi.ArrowArray;
import dev.dltjava.arrow.abi.ArrowArrayStream;
import dev.dltjava.arrow.abi.ArrowSchema;
import dev.dltjava.arrow.abi.dltj_export_block;
import dev.dltjava.arrow.abi.dltj_export_table;
import org.junit.jupiter.api.Test;

/// Pins the generated bindings to the Arrow C data interface of 64-bit machines.
class ArrowAbiTest {
  @Test
  void structsHaveTheirSizes() {
    assertThat(ArrowSchema.layout().byteSize()).isEqualTo(72);
    assertThat(ArrowArray.layout().byteSize()).isEqualTo(80);
    assertThat(ArrowArrayStream.layout().byteSize()).isEqualTo(40);
    assertThat(dltj_export_block.layout().byteSize()).isEqualTo(24);
    assertThat(dltj_export_table.layout().byteSize()).isEqualTo(40);
  }

  @Test
  void callbacksAreWhereConsumersLook() {
    assertThat(ArrowSchema.release$offset()).isEqualTo(56);
    assertThat(ArrowArray.release$offset()).isEqualTo(64);
    assertThat(ArrowArrayStream.release$offset()).isEqualTo(24);
  }
}
