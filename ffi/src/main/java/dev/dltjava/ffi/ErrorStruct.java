package dev.dltjava.ffi;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.ffi.abi.dltj_error;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// Fills the `dltj_error` of a caller.
final class ErrorStruct {
  private ErrorStruct() {}

  /// Fills it with a status alone, in the little memory that takes.
  static void fill(long address, int status) {
    MemorySegment struct = at(address);
    struct.fill((byte) 0);
    dltj_error.code(struct, status);
    dltj_error.byte_offset(struct, ErrorLocation.NONE.byteOffset());
    dltj_error.row(struct, ErrorLocation.NONE.row());
  }

  static void fill(long address, DltJavaException failure) {
    MemorySegment struct = at(address);
    ErrorLocation location = failure.location();
    dltj_error.code(struct, failure.code().number());
    dltj_error.http_status(struct, location.httpStatus());
    dltj_error.byte_offset(struct, location.byteOffset());
    dltj_error.row(struct, location.row());
    fill(dltj_error.url(struct), location.url());
    fill(dltj_error.column(struct), location.column());
    fill(dltj_error.message(struct), String.valueOf(failure.getMessage()));
  }

  private static MemorySegment at(long address) {
    return MemorySegment.ofAddress(address).reinterpret(dltj_error.layout().byteSize());
  }

  /// Writes NUL-terminated UTF-8, cut at a character if it is too long.
  private static void fill(MemorySegment field, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(utf8.length, (int) field.byteSize() - 1);
    while (length < utf8.length && length > 0 && (utf8[length] & 0xC0) == 0x80) {
      length--;
    }
    field.asSlice(0, length).copyFrom(MemorySegment.ofArray(utf8).asSlice(0, length));
    field.set(ValueLayout.JAVA_BYTE, length, (byte) 0);
  }
}
