package dev.dltjava.jmh;

import dev.dltjava.jmh.abi.dlt_java_h;
import dev.dltjava.jmh.abi.dltj_batch;
import dev.dltjava.jmh.abi.dltj_error;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The built library, called through its C ABI. The structs that calls fill are allocated once, so
/// that a call costs no more than itself: one thread at a time, one batch at a time.
final class Library {
  /// System property that names the library's file.
  private static final String PATH_PROPERTY = "dltj.library";

  /// Seen from this module's folder.
  private static final String DEFAULT_PATH = "../ffi/target/native/libdlt_java.so";

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment handle = arena.allocate(ValueLayout.ADDRESS);
  private final MemorySegment error = dltj_error.allocate(arena);
  private final MemorySegment batch = dltj_batch.allocate(arena);

  private Library() {
    dltj_batch.struct_size(batch, dltj_batch.sizeof());
  }

  /// Loads the library into this process; a second load is the same library.
  static Library load() {
    Path path = Path.of(System.getProperty(PATH_PROPERTY, DEFAULT_PATH)).toAbsolutePath();
    if (!Files.isRegularFile(path)) {
      throw new IllegalStateException(
          "no library at "
              + path.normalize()
              + ": build the module ffi, or name the file with -D"
              + PATH_PROPERTY);
    }
    System.load(path.toString());
    if (dlt_java_h.dltj_abi_version() != dlt_java_h.DLTJ_ABI_VERSION()) {
      throw new IllegalStateException(
          path + " has another ABI version than the bindings; regenerate them");
    }
    return new Library();
  }

  /// Options as the library takes them.
  MemorySegment options(String json) {
    byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
    return arena.allocate(utf8.length).copyFrom(MemorySegment.ofArray(utf8));
  }

  /// Opens a source, to be closed with [#close(MemorySegment)].
  MemorySegment open(MemorySegment options) {
    check(dlt_java_h.dltj_source_open(options, options.byteSize(), handle, error));
    return handle.get(ValueLayout.ADDRESS, 0);
  }

  /// Asks a source for its next batch: `DLTJ_OK` means that [#batch] holds one, to be released.
  int next(MemorySegment source, long timeoutMilliseconds) {
    return check(dlt_java_h.dltj_source_next(source, timeoutMilliseconds, batch, error));
  }

  /// The batch that was taken last.
  MemorySegment batch() {
    return batch;
  }

  void releaseBatch() {
    dlt_java_h.dltj_batch_release(batch);
  }

  void close(MemorySegment source) {
    dlt_java_h.dltj_source_close(source);
  }

  private int check(int status) {
    if (status > dlt_java_h.DLTJ_PENDING()) {
      throw new IllegalStateException(
          "the library answered " + status + ": " + dltj_error.message(error).getString(0));
    }
    return status;
  }
}
