package dev.dltjava.ffi;

import dev.dltjava.arrow.ReleaseFunctions;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.pipeline.Delivery;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.graalvm.nativeimage.IsolateThread;
import org.graalvm.nativeimage.c.function.CEntryPoint;
import org.graalvm.nativeimage.c.function.CEntryPoint.IsolateThreadContext;
import org.graalvm.word.PointerBase;

/// What `source.c` calls; `runtime.h` declares these functions for C. Pointers are borrowed until
/// return. No exception leaves: each becomes a status and an error struct.
final class EntryPoints {
  private EntryPoints() {}

  @CEntryPoint(name = "dlt_java_source_open")
  static int open(
      @IsolateThreadContext IsolateThread thread,
      PointerBase options,
      long length,
      PointerBase handle,
      PointerBase error) {
    return Boundary.run(
        error,
        () -> {
          byte[] utf8 = segment(options, length).toArray(ValueLayout.JAVA_BYTE);
          long opened = OpenSources.open(new String(utf8, StandardCharsets.UTF_8));
          segment(handle, Long.BYTES).set(ValueLayout.JAVA_LONG, 0, opened);
          return Status.OK;
        });
  }

  @CEntryPoint(name = "dlt_java_source_next")
  static int next(
      @IsolateThreadContext IsolateThread thread,
      long handle,
      long timeoutMilliseconds,
      PointerBase batch,
      PointerBase exportTable,
      PointerBase error) {
    return Boundary.run(
        error,
        () ->
            switch (OpenSources.get(handle).take(timeoutMilliseconds)) {
              case Delivery.Batch delivered -> {
                ReleaseFunctions functions = ReleaseFunctions.at(exportTable.rawValue());
                BatchStruct.fill(batch.rawValue(), delivered, functions);
                yield Status.OK;
              }
              case Delivery.Pending _ -> Status.PENDING;
              case Delivery.End _ -> Status.END;
              case Delivery.Failed failed -> throw failed.failure();
            });
  }

  @CEntryPoint(name = "dlt_java_source_statistics")
  static int statistics(
      @IsolateThreadContext IsolateThread thread,
      long handle,
      PointerBase buffer,
      long capacity,
      PointerBase length,
      PointerBase error) {
    return Boundary.run(
        error,
        () -> {
          byte[] utf8 = OpenSources.get(handle).statistics().getBytes(StandardCharsets.UTF_8);
          segment(length, Long.BYTES).set(ValueLayout.JAVA_LONG, 0, utf8.length);
          if (utf8.length <= capacity) {
            segment(buffer, capacity).copyFrom(MemorySegment.ofArray(utf8));
          }
          return Status.OK;
        });
  }

  @CEntryPoint(name = "dlt_java_source_cancel")
  static void cancel(@IsolateThreadContext IsolateThread thread, long handle) {
    Boundary.runQuietly(() -> OpenSources.get(handle).cancel());
  }

  @CEntryPoint(name = "dlt_java_source_close")
  static void close(@IsolateThreadContext IsolateThread thread, long handle) {
    Boundary.runQuietly(() -> OpenSources.close(handle));
  }

  @CEntryPoint(name = "dlt_java_live_bytes")
  static long liveBytes(@IsolateThreadContext IsolateThread thread) {
    return OpenSources.liveBytes();
  }

  private static MemorySegment segment(PointerBase address, long bytes) {
    if (address.isNull() && bytes > 0) {
      throw new DltJavaException(ErrorCode.HANDLE, ErrorLocation.NONE, "a pointer is NULL");
    }
    return MemorySegment.ofAddress(address.rawValue()).reinterpret(bytes);
  }
}
