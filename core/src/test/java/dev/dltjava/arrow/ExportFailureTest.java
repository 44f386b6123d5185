package dev.dltjava.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.arrow.abi.ArrowArray;
import dev.dltjava.arrow.abi.ArrowSchema;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.limits.MemoryBudget;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Every failure leaves the structs as they were, exports nothing, and frees all on close.
class ExportFailureTest {
  private static final byte UNTOUCHED = 0x5a;

  @RegisterExtension final Exports exports = new Exports();

  @Test
  void budgetThatEndsAnywhereDuringExportLeaksNothing() {
    long whole = bytesOfExport();
    boolean exported = false;
    for (long limit = 64; !exported; limit += 8) {
      exported = exportsWithin(limit);
      assertThat(exported).as("limit %d", limit).isEqualTo(limit >= whole);
    }
  }

  @Test
  void refusesTypeThatBatchesDoNotHave() {
    IntVector vector = new IntVector("narrow", exports.memory.allocator());
    vector.setValueCount(1);

    assertRefused("the column `narrow` has type INT, which has no export", 1, vector);
  }

  @Test
  void refusesColumnOfOtherLength() {
    assertRefused("has 1 values in a batch of 2 rows", 2, column("id"));
  }

  @Test
  void refusesColumnOfOtherMemory() {
    try (BatchMemory other = new BatchMemory(exports.budget);
        BigIntVector vector = new BigIntVector("id", other.allocator())) {
      vector.setValueCount(1);

      assertRefused("is not of the memory that is exported", 1, vector);
    }
  }

  @Test
  void refusesNullsInColumnThatHasNone() {
    BigIntVector vector =
        new BigIntVector(
            "id",
            new FieldType(false, new ArrowType.Int(64, true), null),
            exports.memory.allocator());
    vector.setValueCount(1);

    assertRefused("has 1 nulls but is not nullable", 1, vector);
  }

  @Test
  void refusesNameThatCannotBeCString() {
    assertRefused("has a NUL character in its name", 1, column("a\0b"));
  }

  @Test
  void refusesExportedMemory() {
    BigIntVector vector = column("id");
    exports.export(1, vector);
    try {
      assertThatThrownBy(() -> vector.setSafe(1_000_000, 1))
          .isInstanceOf(DltJavaException.class)
          .hasMessageContaining("memory of a finished batch");
    } finally {
      exports.release();
    }
  }

  private void assertRefused(String message, int rows, FieldVector column) {
    exports.schema.fill(UNTOUCHED);
    exports.array.fill(UNTOUCHED);

    assertThatThrownBy(() -> exports.export(rows, column))
        .isInstanceOfSatisfying(
            DltJavaException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL);
              assertThat(e.location().column()).isEqualTo(column.getName());
            })
        .hasMessageContaining(message);
    assertUntouched(exports.schema);
    assertUntouched(exports.array);
  }

  private long bytesOfExport() {
    exports.export(1, column("id"));
    long bytes = NativeRelease.exportedBytes();
    exports.release();
    return bytes;
  }

  private static boolean exportsWithin(long limit) {
    MemoryBudget budget = new MemoryBudget(limit);
    MemorySegment schema = Arena.ofAuto().allocate(ArrowSchema.layout()).fill(UNTOUCHED);
    MemorySegment array = Arena.ofAuto().allocate(ArrowArray.layout()).fill(UNTOUCHED);
    try (BatchMemory memory = new BatchMemory(budget)) {
      BigIntVector vector = new BigIntVector("id", memory.allocator());
      fill(vector);
      BatchExporter.export(
          memory, List.of(vector), 1, schema.address(), array.address(), NativeRelease.FUNCTIONS);
      ArrowSchema.release.invoke(ArrowSchema.release(schema), schema);
      ArrowArray.release.invoke(ArrowArray.release(array), array);
      return true;
    } catch (DltJavaException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.MEMORY);
      assertUntouched(schema);
      assertUntouched(array);
      return false;
    } finally {
      assertThat(budget.liveBytes()).isZero();
      assertThat(NativeRelease.exportedBytes()).isZero();
    }
  }

  private BigIntVector column(String name) {
    BigIntVector vector = new BigIntVector(name, exports.memory.allocator());
    fill(vector);
    return vector;
  }

  private static void fill(BigIntVector vector) {
    vector.allocateNew(1);
    vector.set(0, 7);
    vector.setValueCount(1);
  }

  private static void assertUntouched(MemorySegment struct) {
    assertThat(struct.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)).containsOnly(UNTOUCHED);
  }
}
