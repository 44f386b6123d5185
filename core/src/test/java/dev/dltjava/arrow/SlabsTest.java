package dev.dltjava.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.limits.MemoryBudget;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BigIntVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Runs the real `slab.c`.
class SlabsTest {
  private static final Slabs SLABS = NativeRelease.SLABS;

  /// What is kept for the next batches, in slabs of one unit.
  private static final int KEPT = 64;

  @RegisterExtension final Exports exports = new Exports();

  @Test
  void keepsAFreeSlabForTheNextThatNeedsAtLeastHalfOfIt() {
    long first = SLABS.allocate(4 * Slabs.UNIT);
    assertThat(Slabs.bytes(first)).isEqualTo(4 * Slabs.UNIT);
    SLABS.free(first);

    long small = SLABS.allocate(Slabs.UNIT);
    long half = SLABS.allocate(2 * Slabs.UNIT);

    assertThat(half).isEqualTo(first).isNotEqualTo(small);
    SLABS.free(half);
    SLABS.free(small);
  }

  @Test
  void keepsNoMoreThanItsShare() {
    List<Long> slabs = new ArrayList<>();
    for (int i = 0; i < 2 * KEPT; i++) {
      slabs.add(SLABS.allocate(Slabs.UNIT));
    }
    slabs.forEach(SLABS::free);
    long large = SLABS.allocate((KEPT + 1) * Slabs.UNIT);
    MemoryUtil.putLong(Slabs.address(large), 7);
    SLABS.free(large);

    long kept = SLABS.allocate(Slabs.UNIT);

    assertThat(slabs).contains(kept);
    SLABS.free(kept);
  }

  @Test
  void isFreedWithTheBatchThatWasExported() {
    MemoryBudget large = new MemoryBudget(16 * Slabs.UNIT);
    long slab;
    try (BatchMemory batch = new BatchMemory(large, SLABS, 5 * Slabs.UNIT)) {
      BigIntVector vector = new BigIntVector("id", batch.allocator());
      vector.allocateNew(1);
      vector.set(0, 7);
      vector.setValueCount(1);
      slab = vector.getDataBuffer().memoryAddress() / Slabs.UNIT * Slabs.UNIT;
      BatchExporter.export(
          batch,
          List.of(vector),
          1,
          exports.schema.address(),
          exports.array.address(),
          NativeRelease.FUNCTIONS);
    }
    assertThat(NativeRelease.exportedBytes()).isGreaterThan(5 * Slabs.UNIT);

    exports.release();

    long again = SLABS.allocate(5 * Slabs.UNIT);
    assertThat(Slabs.address(again)).isEqualTo(slab);
    assertThat(Slabs.bytes(again)).isEqualTo(5 * Slabs.UNIT);
    SLABS.free(again);
  }
}
