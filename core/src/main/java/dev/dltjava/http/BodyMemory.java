package dev.dltjava.http;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.limits.MemoryBudget;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Counts the bytes of a client's bodies against the budget of its source. Any thread.
final class BodyMemory {
  private final MemoryBudget budget;
  private final AtomicLong heldBytes = new AtomicLong();

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
    heldBytes.addAndGet(bytes);
  }

  void giveBack(long bytes) {
    budget.giveBack(bytes);
    if (heldBytes.addAndGet(-bytes) == 0) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /// Waits until no byte is held; false if some are after that time.
  synchronized boolean awaitNone(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (heldBytes.get() != 0) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  long heldBytes() {
    return heldBytes.get();
  }
}
