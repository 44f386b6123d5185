package dev.dltjava.rest;

/// How much may be under way: requests in flight, and pages that wait for their turn. Guarded by
/// its fetcher's lock.
final class FetchWindow {
  /// Before the first body has come.
  private static final long ASSUMED_BODY_BYTES = 1 << 20;

  /// Chains of several pages that run beside each other wait for those before them: with fewer
  /// pages held they would have to stop, and the requests would go out one after the other.
  private static final int HELD_PER_REQUEST = 16;

  /// The share of the memory that the pages beyond the first few may take.
  private static final int MEMORY_SHARE = 16;

  private final int concurrency;
  private final int mostHeld;
  private final long memoryBytes;
  private int inFlight;
  private int waiting;
  private long waitingBytes;

  /// Bytes of the largest body so far: the next ones are taken to be no larger.
  private long expectedBody;

  /// @param concurrency most requests in flight
  /// @param memoryBytes of the source; bodies that wait may take half of it, the columns have the
  ///   other half
  FetchWindow(int concurrency, boolean singlePages, long memoryBytes) {
    this.concurrency = concurrency;
    this.mostHeld = singlePages ? concurrency : concurrency * HELD_PER_REQUEST;
    this.memoryBytes = memoryBytes;
  }

  /// Whether another page may be requested before the ones under way are delivered.
  boolean hasRoom() {
    int held = inFlight + waiting;
    if (held == 0) {
      return true;
    }
    long expected = expectedBody == 0 ? ASSUMED_BODY_BYTES : expectedBody;
    long bytes = waitingBytes + (inFlight + 1) * expected;
    long allowed = held < concurrency ? memoryBytes / 2 : memoryBytes / MEMORY_SHARE;
    return inFlight < concurrency && held < mostHeld && bytes <= allowed;
  }

  void requested() {
    inFlight++;
  }

  /// @param bytes of the body
  void arrived(long bytes) {
    inFlight--;
    waiting++;
    waitingBytes += bytes;
    expectedBody = Math.max(expectedBody, bytes);
  }

  void failed() {
    inFlight--;
  }

  /// A page was delivered or dropped.
  void left(long bytes) {
    waiting--;
    waitingBytes -= bytes;
  }
}
