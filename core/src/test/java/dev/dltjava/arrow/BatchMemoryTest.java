package dev.dltjava.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.limits.MemoryBudget;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BigIntVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchMemoryTest {
  private final MemoryBudget budget = new MemoryBudget(1 << 20);
  private final BatchMemory memory = new BatchMemory(budget);

  @AfterEach
  void everythingIsGivenBack() {
    memory.close();
    assertThat(memory.liveBytes()).isZero();
    assertThat(budget.liveBytes()).isZero();
  }

  @Test
  void reservesWhatIsAskedForPaddedToSixtyFourBytes() {
    memory.allocator().buffer(65);

    assertThat(budget.liveBytes()).isEqualTo(128);
    assertThat(memory.liveBytes()).isEqualTo(128);
  }

  @Test
  void givesBackWhatIsClosedInAnyOrder() {
    ArrowBuf first = memory.allocator().buffer(64);
    ArrowBuf second = memory.allocator().buffer(128);
    ArrowBuf third = memory.allocator().buffer(256);
    long firstAddress = first.memoryAddress();

    third.close();
    assertThat(budget.liveBytes()).isEqualTo(192);
    second.close();

    assertThat(memory.addresses()).containsExactly(firstAddress);
    first.close();
    assertThat(budget.liveBytes()).isZero();
  }

  @Test
  void freesWhatVectorsGrewOutOf() {
    BigIntVector vector = new BigIntVector("id", memory.allocator());
    for (int row = 0; row < 10_000; row++) {
      vector.setSafe(row, row);
    }

    assertThat(memory.addresses()).hasSize(1);
  }

  @Test
  void refusesMoreThanTheBudgetAndKeepsWhatItHas() {
    BigIntVector vector = new BigIntVector("id", memory.allocator());
    vector.setSafe(0, 7);

    assertThatThrownBy(() -> vector.setSafe(1_000_000, 1))
        .isInstanceOfSatisfying(
            DltJavaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY))
        .hasMessageContaining("memory_limit_bytes");
    assertThat(budget.liveBytes()).isEqualTo(memory.liveBytes()).isLessThan(1 << 20);
    assertThat(memory.addresses()).hasSize(1);
    assertThat(vector.get(0)).isEqualTo(7);
  }

  @Test
  void vectorsMayBeClosedAfterIt() {
    BigIntVector vector = new BigIntVector("id", memory.allocator());
    vector.setSafe(0, 7);

    memory.close();
    vector.close();
    memory.close();
  }

  @Test
  void refusesAllocationAfterClose() {
    memory.close();

    assertThatThrownBy(() -> memory.allocator().buffer(8))
        .isInstanceOfSatisfying(
            DltJavaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
  }

  @Test
  void takesWhatALargeBatchIsExpectedToNeedInOnePiece() {
    MemoryBudget large = new MemoryBudget(16 * Slabs.UNIT);
    try (BatchMemory batch = new BatchMemory(large, NativeRelease.SLABS, 5 * Slabs.UNIT / 2 - 1)) {
      assertThat(large.liveBytes()).isEqualTo(2 * Slabs.UNIT);
      assertThat(batch.usedBytes()).isZero();

      ArrowBuf first = batch.allocator().buffer(Slabs.UNIT);
      ArrowBuf second = batch.allocator().buffer(Slabs.UNIT - 65);
      ArrowBuf rest = batch.allocator().buffer(128);

      assertThat(first.memoryAddress() % Slabs.UNIT).isZero();
      assertThat(second.memoryAddress()).isEqualTo(first.memoryAddress() + Slabs.UNIT);
      assertThat(batch.addresses())
          .containsExactly(rest.memoryAddress(), first.memoryAddress() + 2 * 2 + 1);
      assertThat(batch.usedBytes()).isEqualTo(2 * Slabs.UNIT + 128 - 64);
      assertThat(large.liveBytes()).isEqualTo(2 * Slabs.UNIT + 128);
      first.close();
      rest.close();
      assertThat(large.liveBytes()).isEqualTo(2 * Slabs.UNIT);
    }
    assertThat(large.liveBytes()).isZero();
  }

  @Test
  void goesWithoutThatPieceIfTheBudgetOrTheSystemHasNone() {
    try (BatchMemory batch = new BatchMemory(budget, NativeRelease.SLABS, Slabs.UNIT / 2)) {
      assertThat(budget.liveBytes()).isZero();
      batch.allocator().buffer(64);
    }
    MemoryBudget large = new MemoryBudget(16 * Slabs.UNIT);
    try (BatchMemory batch = new BatchMemory(large, Slabs.NONE, Slabs.UNIT)) {
      assertThat(large.liveBytes()).isZero();
      batch.allocator().buffer(64);
    }
    assertThat(large.liveBytes()).isZero();
  }

  @Test
  void emptyBuffersTakeNoMemory() {
    assertThat(memory.allocator().getEmpty().capacity()).isZero();
    assertThat(budget.liveBytes()).isZero();
  }
}
