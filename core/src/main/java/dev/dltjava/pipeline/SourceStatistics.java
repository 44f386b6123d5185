package dev.dltjava.pipeline;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// What a source has done so far; written by its threads, read by any.
final class SourceStatistics {
  private final Map<String, LongAdder> rows = new ConcurrentHashMap<>();
  private final AtomicInteger completed = new AtomicInteger();

  void countRows(String table, int count) {
    rows.computeIfAbsent(table, name -> new LongAdder()).add(count);
  }

  void completeDocument() {
    completed.incrementAndGet();
  }

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
