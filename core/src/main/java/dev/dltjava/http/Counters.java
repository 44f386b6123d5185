package dev.dltjava.http;

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
  final LongAdder heldBytes = new LongAdder();
  final LongAdder waitedNanos = new LongAdder();

  HttpStatistics snapshot() {
    return new HttpStatistics(
        requests.sum(),
        responses.sum(),
        retries.sum(),
        redirects.sum(),
        connections.sum(),
        bodyBytes.sum(),
        heldBytes.sum(),
        Duration.ofNanos(waitedNanos.sum()));
  }
}
