package dev.dltjava.pipeline;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// What a source has done so far; written by its threads, read by any.
final class SourceStatistics {
  private final Map<String, LongAdder> rows = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> endpointRows = new ConcurrentHashMap<>();
  private final AtomicInteger completed = new AtomicInteger();
  private final AtomicInteger chainsCompleted = new AtomicInteger();

  void countRows(String table, int count) {
    rows.computeIfAbsent(table, name -> new LongAdder()).add(count);
  }

  void completeDocument() {
    completed.incrementAndGet();
  }

  void completeChain() {
    chainsCompleted.incrementAndGet();
  }

  /// @param endpoint nothing is counted for the one without a name
  void countEndpointRows(String endpoint, long count) {
    if (!endpoint.isEmpty()) {
      endpointRows.computeIfAbsent(endpoint, name -> new LongAdder()).add(count);
    }
  }

  /// Requests of which all pages were decoded.
  int chainsCompleted() {
    return chainsCompleted.get();
  }

  /// Records that were decoded, an endpoint.
  long endpointRows(String endpoint) {
    LongAdder count = endpointRows.get(endpoint);
    return count == null ? 0 : count.sum();
  }

  /// Texts that were decoded.
  int documentsCompleted() {
    return completed.get();
  }

  /// Rows that were decoded, a table.
  Map<String, Long> rows() {
    Map<String, Long> sums = new TreeMap<>();
    rows.forEach((table, count) -> sums.put(table, count.sum()));
    return sums;
  }
}
