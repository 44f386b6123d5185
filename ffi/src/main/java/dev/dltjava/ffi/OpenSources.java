package dev.dltjava.ffi;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.http.EventLoops;
import dev.dltjava.pipeline.RecordSource;
import dev.dltjava.pipeline.SourcePlan;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The sources of this process, by the number that C holds. Any thread.
final class OpenSources {
  /// One thread moves more bytes than a decoder takes; several sources share it.
  private static final int EVENT_LOOP_THREADS = 2;

  private static final String USER_AGENT = "dlt-java/" + Version.TEXT;

  private static final Map<Long, RecordSource> SOURCES = new ConcurrentHashMap<>();
  private static final AtomicLong NEXT = new AtomicLong(1);

  private OpenSources() {}

  /// Started by the first source, not when the image is built; and not in a class's initialization,
  /// which is not tried again once threads or files were lacking.
  private static @Nullable EventLoops loops;

  private static synchronized EventLoops loops() {
    EventLoops started = loops;
    if (started == null) {
      started = EventLoops.start(EVENT_LOOP_THREADS);
      loops = started;
    }
    return started;
  }

  static long open(String options) {
    SourcePlan plan = SourcePlan.parse(options, USER_AGENT);
    long handle = NEXT.getAndIncrement();
    SOURCES.put(
        handle, RecordSource.open(plan, loops(), new NativePermutation(), new NativeSlabs()));
    return handle;
  }

  static RecordSource get(long handle) {
    RecordSource source = SOURCES.get(handle);
    if (source == null) {
      throw new DltJavaException(ErrorCode.CLOSED, ErrorLocation.NONE, "the source is closed");
    }
    return source;
  }

  static void close(long handle) {
    RecordSource source = SOURCES.remove(handle);
    if (source != null) {
      source.close();
    }
  }

  /// Bytes of bodies and columns that open sources hold.
  static long liveBytes() {
    long bytes = 0;
    for (RecordSource source : SOURCES.values()) {
      bytes += source.liveBytes();
    }
    return bytes;
  }
}
