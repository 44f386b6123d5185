package dev.dltjava.http;

import dev.dltjava.limits.MemoryBudget;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/// The running numbers of one client; counted by any thread.
final class Counters {
  final LongAdder requests = new LongAdder();
  final LongAdder responses = new LongAdder();
  final LongAdder retries = new LongAdder();
  final LongAdder redirects = new LongAdder();
  final LongAdder connections = new LongAdder();
  final LongAdder bodyBytes = new LongAdder();
  final LongAdder waitedNanos = new LongAdder();
  final BodyMemory bodyMemory;

  Counters(MemoryBudget budget) {
    this.bodyMemory = new BodyMemory(budget);
  }

  HttpStatistics snapshot() {
    return new HttpStatistics(
        requests.sum(),
        responses.sum(),
        retries.sum(),
        redirects.sum(),
        connections.sum(),
        bodyBytes.sum(),
        bodyMemory.heldBytes(),
        Duration.ofNanos(waitedNanos.sum()));
  }
}
