package dev.dltjava.replica;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The requests so far, oldest first, and how many were open at once. Safe for many threads.
final class RequestLog {
  /// Enough for any test; a benchmark that runs for hours must not fill the heap.
  private static final int MOST_ENTRIES = 100_000;

  private final long startNanos = System.nanoTime();
  private final Deque<LoggedRequest> entries = new ArrayDeque<>();
  private int open;
  private int mostOpen;

  /// Must be followed by [#ended].
  synchronized void began(Request request, int connection) {
    long millis = (System.nanoTime() - startNanos) / 1_000_000;
    if (entries.size() == MOST_ENTRIES) {
      entries.removeFirst();
    }
    entries.add(new LoggedRequest(request, millis, connection));
    open++;
    mostOpen = Math.max(mostOpen, open);
  }

  synchronized void ended() {
    open--;
  }

  synchronized List<LoggedRequest> entries() {
    return List.copyOf(entries);
  }

  synchronized int mostOpen() {
    return mostOpen;
  }

  synchronized void clear() {
    entries.clear();
    mostOpen = open;
  }
}
