package dev.dltjava.http;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/// The running numbers of some of a client's fetches; counted by the client, read by any thread.
public final class Tally {
  private final LongAdder requests = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder waitedNanos = new LongAdder();
  private final LongAdder bodyBytes = new LongAdder();
  private final LongAdder notModified = new LongAdder();

  void countRequest() {
    requests.increment();
  }

  void countRetry() {
    retries.increment();
  }

  void countWait(long nanos) {
    waitedNanos.add(nanos);
  }

  void countBody(long bytes) {
    bodyBytes.add(bytes);
  }

  void countNotModified() {
    notModified.increment();
  }

  /// Fetches begun.
  public long requests() {
    return requests.sum();
  }

  /// Attempts after the first ones.
  public long retries() {
    return retries.sum();
  }

  /// Fetches that ended with status 304.
  public long notModified() {
    return notModified.sum();
  }

  /// Total of the waits between attempts and for rate limits.
  public Duration waited() {
    return Duration.ofNanos(waitedNanos.sum());
  }

  /// Decompressed bytes of the bodies that were returned.
  public long bodyBytes() {
    return bodyBytes.sum();
  }
}
