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
/// pointers. They are borrowed until return. No exception leaves: each becomes a status and an
/// error struct.
///
/// Pointers become addresses before they are captured: a lambda cannot hold GraalVM's words.
final class EntryPoints {
  private EntryPoints() {}

  @CEntryPoint(name = "dlt_java_source_open")
  static int open(
      @IsolateThreadContext IsolateThread thread,
      PointerBase options,
      long length,
      PointerBase handle,
      PointerBase error) {
    long optionsAddress = options.rawValue();
    long handleAddress = handle.rawValue();
    return Boundary.run(
        error.rawValue(),
        () -> {
          byte[] utf8 = segment(optionsAddress, length).toArray(ValueLayout.JAVA_BYTE);
          long opened = OpenSources.open(new String(utf8, StandardCharsets.UTF_8));
          segment(handleAddress, Long.BYTES).set(ValueLayout.JAVA_LONG, 0, opened);
          return Status.OK;
        });
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
    long textsAddress = texts.rawValue();
    long lengthsAddress = lengths.rawValue();
    return Boundary.run(
        error.rawValue(),
        () -> {
          RecordSource source = OpenSources.get(handle);
          if (count == 0) {
            source.finish();
            return Status.OK;
          }
          long[] addresses = longs(textsAddress, count);
          long[] bytes = longs(lengthsAddress, count);
          List<MemorySegment> segments = new ArrayList<>(addresses.length);
          for (int i = 0; i < addresses.length; i++) {
            segments.add(segment(addresses[i], bytes[i]));
          }
          return source.push(segments, timeoutMilliseconds) ? Status.OK : Status.PENDING;
        });
  }

  @CEntryPoint(name = "dlt_java_source_set_auth")
  static int setAuth(
      @IsolateThreadContext IsolateThread thread,
      long handle,
      PointerBase json,
      long length,
      PointerBase error) {
    long jsonAddress = json.rawValue();
    return Boundary.run(
        error.rawValue(),
        () -> {
          byte[] utf8 = segment(jsonAddress, length).toArray(ValueLayout.JAVA_BYTE);
          OpenSources.get(handle).authorize(new String(utf8, StandardCharsets.UTF_8));
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
    long batchAddress = batch.rawValue();
    long tableAddress = exportTable.rawValue();
    return Boundary.run(
        error.rawValue(),
        () ->
            switch (OpenSources.get(handle).take(timeoutMilliseconds)) {
              case Delivery.Batch delivered -> {
                BatchStruct.fill(batchAddress, delivered, ReleaseFunctions.at(tableAddress));
                yield Status.OK;
              }
              case Delivery.Pending _ -> Status.PENDING;
              case Delivery.Question _ -> Status.QUESTION;
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
    long bufferAddress = buffer.rawValue();
    long lengthAddress = length.rawValue();
    return Boundary.run(
        error.rawValue(),
        () ->
            write(
                OpenSources.get(handle).drainStatistics(capacity),
                bufferAddress,
                capacity,
                lengthAddress));
  }

  @CEntryPoint(name = "dlt_java_source_question")
  static int question(
      @IsolateThreadContext IsolateThread thread,
      long handle,
      PointerBase buffer,
      long capacity,
      PointerBase length,
      PointerBase error) {
    long bufferAddress = buffer.rawValue();
    long lengthAddress = length.rawValue();
    return Boundary.run(
        error.rawValue(),
        () -> write(OpenSources.get(handle).question(), bufferAddress, capacity, lengthAddress));
  }

  @CEntryPoint(name = "dlt_java_source_answer")
  static int answer(
      @IsolateThreadContext IsolateThread thread,
      long handle,
      PointerBase answer,
      long length,
      PointerBase error) {
    long answerAddress = answer.rawValue();
    return Boundary.run(
        error.rawValue(),
        () -> {
          byte[] utf8 = segment(answerAddress, length).toArray(ValueLayout.JAVA_BYTE);
          OpenSources.get(handle).answer(new String(utf8, StandardCharsets.UTF_8));
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

  private static int write(String text, long buffer, long capacity, long length) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    segment(length, Long.BYTES).set(ValueLayout.JAVA_LONG, 0, utf8.length);
    if (utf8.length <= capacity) {
      segment(buffer, capacity).copyFrom(MemorySegment.ofArray(utf8));
    }
    return Status.OK;
  }

  private static long[] longs(long address, long count) {
    return segment(address, count * Long.BYTES).toArray(ValueLayout.JAVA_LONG);
  }

  private static MemorySegment segment(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }
}
