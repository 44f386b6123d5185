package dev.dltjava.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  private final MemoryBudget budget = new MemoryBudget(100);

  @Test
  void reservesUpToTheLimit() {
    budget.reserve(60);
    budget.reserve(40);

    assertThat(budget.liveBytes()).isEqualTo(100);
  }

  @Test
  void refusesOneByteMoreAndSaysWhichOptionHelps() {
    budget.reserve(60);

    assertThatThrownBy(() -> budget.reserve(41))
        .isInstanceOfSatisfying(
            DltJavaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY))
        .hasMessageContaining("holds 60 bytes and needs 41 more")
        .hasMessageContaining("memory_limit_bytes is 100");
    assertThat(budget.liveBytes()).isEqualTo(60);
  }

  @Test
  void reservesAgainWhatWasGivenBack() {
    budget.reserve(100);
    budget.giveBack(70);
    budget.reserve(70);

    assertThat(budget.liveBytes()).isEqualTo(100);
  }
}
