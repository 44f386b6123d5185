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
    assertThat(first % Slabs.UNIT).isEqualTo(4);
    free(first);

    long small = SLABS.allocate(Slabs.UNIT);
    long half = SLABS.allocate(2 * Slabs.UNIT);

    assertThat(half).isEqualTo(first).isNotEqualTo(small);
    free(half);
    free(small);
  }

  @Test
  void keepsNoMoreThanItsShare() {
    List<Long> slabs = new ArrayList<>();
    for (int i = 0; i < 2 * KEPT; i++) {
      slabs.add(SLABS.allocate(Slabs.UNIT));
    }
    slabs.forEach(SlabsTest::free);
    long large = SLABS.allocate((KEPT + 1) * Slabs.UNIT);
    MemoryUtil.putLong(large - large % Slabs.UNIT, 7);
    free(large);

    long kept = SLABS.allocate(Slabs.UNIT);

    assertThat(slabs).contains(kept);
    free(kept);
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
    assertThat(again).isEqualTo(slab + 5);
    free(again);
  }

  private static void free(long slab) {
    long units = slab % Slabs.UNIT;
    SLABS.free(slab - units, units * Slabs.UNIT);
  }
}
