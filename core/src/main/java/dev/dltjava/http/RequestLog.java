package dev.dltjava.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The requests that a client has sent, each try and each redirect by itself, in the order in which
/// they ended, until someone has read them. Bounded: the oldest ones make room. Any thread.
public final class RequestLog {
  /// Longest URL that is kept, in characters: as many as browsers take.
  private static final int URL_CHARACTERS = 2_000;

  private final int capacity;

  /// Guarded by this object, as is all that follows.
  private final Deque<Entry> entries = new ArrayDeque<>();

  /// Number of the first entry, counted since the log began.
  private long first;

  private long dropped;

  /// One request as it ended.
  ///
  /// @param method of the request, in capitals
  /// @param url where it went, without secrets
  /// @param status of the response, 0 if there was none
  /// @param failure why there was none, null if there was one
  /// @param duration from the look for a connection to the last byte
  /// @param bodyBytes decompressed bytes of the body
  /// @param attempt which try of the fetch it was, from 1
  /// @param waited for its turn, or since the try before
  public record Entry(
      String method,
      String url,
      int status,
      @Nullable String failure,
      Duration duration,
      long bodyBytes,
      int attempt,
      Duration waited) {}

  /// What was in a log at some time.
  ///
  /// @param entries the oldest first
  /// @param first number of the first one, counted since the log began
  /// @param dropped how many had to make room so far, unread
  public record Excerpt(List<Entry> entries, long first, long dropped) {}

  /// @param capacity most requests that are kept; 0 keeps none, and costs nothing
  public RequestLog(int capacity) {
    this.capacity = capacity;
  }

  boolean isKept() {
    return capacity > 0;
  }

  /// The text of a URL, without secrets, that an entry may have.
  static String shortened(String maskedUrl) {
    return maskedUrl.length() <= URL_CHARACTERS
        ? maskedUrl
        : maskedUrl.substring(0, URL_CHARACTERS) + "...";
  }

  synchronized void add(Entry entry) {
    if (entries.size() == capacity) {
      removeFirst();
      dropped++;
    }
    entries.add(entry);
  }

  /// What is in the log; it stays there.
  public synchronized Excerpt read() {
    return new Excerpt(List.copyOf(entries), first, dropped);
  }

  /// Forgets what was read.
  public synchronized void forget(Excerpt read) {
    long end = read.first() + read.entries().size();
    while (first < end) {
      removeFirst();
    }
  }

  private void removeFirst() {
    entries.remove();
    first++;
  }
}
