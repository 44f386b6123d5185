package dev.dltjava.http;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.limits.MemoryBudget;
import java.util.concurrent.atomic.LongAdder;

/// Counts the bytes of a client's bodies against the budget of its source. Any thread.
final class BodyMemory {
  private final MemoryBudget budget;
  private final LongAdder heldBytes = new LongAdder();

  BodyMemory(MemoryBudget budget) {
    this.budget = budget;
  }

  /// Takes bytes before they are allocated; refused if the budget does not have them.
  void reserve(long bytes) throws Fault {
    try {
      budget.reserve(bytes);
    } catch (DltJavaException exhausted) {
      throw new Fault(
          exhausted.code(), Fault.Remedy.NONE, String.valueOf(exhausted.getMessage()), exhausted);
    }
    heldBytes.add(bytes);
  }

  void giveBack(long bytes) {
    heldBytes.add(-bytes);
    budget.giveBack(bytes);
  }

  long heldBytes() {
    return heldBytes.sum();
  }
}
