package dev.dltjava.ffi;

import dev.dltjava.arrow.ReleaseFunctions;
import dev.dltjava.pipeline.Delivery;
import dev.dltjava.pipeline.RecordSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.graalvm.nativeimage.IsolateThread;
import org.graalvm.nativeimage.c.function.CEntryPoint;
import org.graalvm.nativeimage.c.function.CEntryPoint.IsolateThreadContext;
import org.graalvm.word.PointerBase;

/// What `source.c` calls; `runtime.h` declares these functions for C, which has checked the
/// pointers. They are borrowed until return.
///
/// An exception that left one of these methods would end the process. So each of them is one `try`:
/// even an object that is made before it may be the one that the heap has no room for.
final class EntryPoints {
  private EntryPoints() {}

  @CEntryPoint(name = "dlt_java_source_open")
  static int open(
      @IsolateThreadContext IsolateThread thread,
      PointerBase options,
      long length,
      PointerBase handle,
      PointerBase error) {
    try {
      long opened = OpenSources.open(text(options.rawValue(), length));
      segment(handle.rawValue(), Long.BYTES).set(ValueLayout.JAVA_LONG, 0, opened);
      return Status.OK;
    } catch (Throwable failure) {
      return Boundary.report(error.rawValue(), failure);
    }
  }

  @CEntryPoint(name = "dlt_java_source_push")
  static int push(
      @IsolateThreadContext IsolateThread thread,
      long handle,
      PointerBase texts,
      PointerBase lengths,
      long count,
      long timeoutMilliseconds,
      PointerBase error) {
    try {
      RecordSource source = OpenSources.get(handle);
      if (count == 0) {
        source.finish();
        return Status.OK;
      }
      long[] addresses = longs(texts.rawValue(), count);
      long[] bytes = longs(lengths.rawValue(), count);
      List<MemorySegment> segments = new ArrayList<>(addresses.length);
      for (int i = 0; i < addresses.length; i++) {
        segments.add(segment(addresses[i], bytes[i]));
      }
      return source.push(segments, timeoutMilliseconds) ? Status.OK : Status.PENDING;
    } catch (Throwable failure) {
      return Boundary.report(error.rawValue(), failure);
    }
  }

  @CEntryPoint(name = "dlt_java_source_set_auth")
  static int setAuth(
      @IsolateThreadContext IsolateThread thread,
      long handle,
      PointerBase json,
      long length,
      PointerBase error) {
    try {
      OpenSources.get(handle).authorize(text(json.rawValue(), length));
      return Status.OK;
    } catch (Throwable failure) {
      return Boundary.report(error.rawValue(), failure);
    }
  }

  @CEntryPoint(name = "dlt_java_source_next")
  static int next(
      @IsolateThreadContext IsolateThread thread,
      long handle,
      long timeoutMilliseconds,
      PointerBase batch,
      PointerBase exportTable,
      PointerBase error) {
    try {
      return switch (OpenSources.get(handle).take(timeoutMilliseconds)) {
        case Delivery.Batch delivered -> {
          BatchStruct.fill(
              batch.rawValue(), delivered, ReleaseFunctions.at(exportTable.rawValue()));
          yield Status.OK;
        }
        case Delivery.Pending _ -> Status.PENDING;
        case Delivery.Question _ -> Status.QUESTION;
        case Delivery.End _ -> Status.END;
        case Delivery.Failed failed -> throw failed.failure();
      };
    } catch (Throwable failure) {
      return Boundary.report(error.rawValue(), failure);
    }
  }

  @CEntryPoint(name = "dlt_java_source_statistics")
  static int statistics(
      @IsolateThreadContext IsolateThread thread,
      long handle,
      PointerBase buffer,
      long capacity,
      PointerBase length,
      PointerBase error) {
    try {
      String statistics = OpenSources.get(handle).drainStatistics(capacity);
      return write(statistics, buffer.rawValue(), capacity, length.rawValue());
    } catch (Throwable failure) {
      return Boundary.report(error.rawValue(), failure);
    }
  }

  @CEntryPoint(name = "dlt_java_source_question")
  static int question(
      @IsolateThreadContext IsolateThread thread,
      long handle,
      PointerBase buffer,
      long capacity,
      PointerBase length,
      PointerBase error) {
    try {
      String question = OpenSources.get(handle).question();
      return write(question, buffer.rawValue(), capacity, length.rawValue());
    } catch (Throwable failure) {
      return Boundary.report(error.rawValue(), failure);
    }
  }

  @CEntryPoint(name = "dlt_java_source_answer")
  static int answer(
      @IsolateThreadContext IsolateThread thread,
      long handle,
      PointerBase answer,
      long length,
      PointerBase error) {
    try {
      OpenSources.get(handle).answer(text(answer.rawValue(), length));
      return Status.OK;
    } catch (Throwable failure) {
      return Boundary.report(error.rawValue(), failure);
    }
  }

  @CEntryPoint(name = "dlt_java_source_cancel")
  @SuppressWarnings("EmptyCatch")
  static void cancel(@IsolateThreadContext IsolateThread thread, long handle) {
    try {
      OpenSources.get(handle).cancel();
    } catch (Throwable ignored) {
      // The handle is gone already, and nobody could do anything about another failure.
    }
  }

  @CEntryPoint(name = "dlt_java_source_close")
  @SuppressWarnings("EmptyCatch")
  static void close(@IsolateThreadContext IsolateThread thread, long handle) {
    try {
      OpenSources.close(handle);
    } catch (Throwable ignored) {
      // As above: the source ends by itself.
    }
  }

  /// Bytes, 0 if no memory is left to count them.
  @CEntryPoint(name = "dlt_java_live_bytes")
  static long liveBytes(@IsolateThreadContext IsolateThread thread) {
    try {
      return OpenSources.liveBytes();
    } catch (Throwable exhausted) {
      return 0;
    }
  }

  private static int write(String text, long buffer, long capacity, long length) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    segment(length, Long.BYTES).set(ValueLayout.JAVA_LONG, 0, utf8.length);
    if (utf8.length <= capacity) {
      segment(buffer, capacity).copyFrom(MemorySegment.ofArray(utf8));
    }
    return Status.OK;
  }

  private static String text(long address, long bytes) {
    byte[] utf8 = segment(address, bytes).toArray(ValueLayout.JAVA_BYTE);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static long[] longs(long address, long count) {
    return segment(address, count * Long.BYTES).toArray(ValueLayout.JAVA_LONG);
  }

  private static MemorySegment segment(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }
}
