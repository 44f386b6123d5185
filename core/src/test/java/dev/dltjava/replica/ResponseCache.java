package dev.dltjava.replica;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Generated answers by key, the least recently used ones dropped first, so that a benchmark
/// measures its client and not the generator. Safe for many threads.
final class ResponseCache {
  /// About what an entry takes beside its body.
  private static final int ENTRY_BYTES = 300;

  private final Map<String, Response> entries = new LinkedHashMap<>(64, 0.75f, true);
  private final long mostBytes;
  private long bytes;

  ResponseCache(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  synchronized @Nullable Response get(String key) {
    return entries.get(key);
  }

  synchronized void put(String key, Response response) {
    Response before = entries.put(key, response);
    bytes += size(response) - (before == null ? 0 : size(before));
    Iterator<Response> oldest = entries.values().iterator();
    while (bytes > mostBytes && oldest.hasNext()) {
      bytes -= size(oldest.next());
      oldest.remove();
    }
  }

  private static long size(Response response) {
    return (long) response.body().length + ENTRY_BYTES;
  }
}
