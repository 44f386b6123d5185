package dev.dltjava.json;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Passes bytes on and refuses those that are not UTF-8 (RFC 3629: no overlong forms, no
/// surrogates, nothing beyond U+10FFFF), which the parser behind it would let through in part. One
/// thread.
final class Utf8Input extends InputStream {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  private final InputStream input;
  private long offset;

  /// Continuation bytes that the current character still needs.
  private int pending;

  /// The range that the next continuation byte must lie in.
  private int lowest = 0x80;

  private int highest = 0xBF;

  Utf8Input(InputStream input) {
    this.input = input;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] buffer, int start, int length) throws IOException {
    int count = input.read(buffer, start, length);
    if (count < 0) {
      if (pending > 0) {
        throw new MalformedUtf8Exception(offset);
      }
      return count;
    }
    check(buffer, start, start + count);
    offset += count;
    return count;
  }

  private void check(byte[] buffer, int start, int end) throws MalformedUtf8Exception {
    int i = start;
    while (i < end) {
      // Eight ASCII bytes at a time: most of what APIs send.
      while (pending == 0
          && i + Long.BYTES <= end
          && ((long) LONG.get(buffer, i) & HIGH_BITS) == 0) {
        i += Long.BYTES;
      }
      if (i == end) {
        return;
      }
      int value = buffer[i] & 0xFF;
      boolean valid = pending == 0 ? lead(value) : continuation(value);
      if (!valid) {
        throw new MalformedUtf8Exception(offset + i - start);
      }
      i++;
    }
  }

  private boolean lead(int value) {
    if (value < 0x80) {
      return true;
    }
    if (value >= 0xC2 && value <= 0xDF) {
      pending = 1;
    } else if (value >= 0xE0 && value <= 0xEF) {
      pending = 2;
      lowest = value == 0xE0 ? 0xA0 : 0x80;
      highest = value == 0xED ? 0x9F : 0xBF;
    } else if (value >= 0xF0 && value <= 0xF4) {
      pending = 3;
      lowest = value == 0xF0 ? 0x90 : 0x80;
      highest = value == 0xF4 ? 0x8F : 0xBF;
    } else {
      return false;
    }
    return true;
  }

  private boolean continuation(int value) {
    if (value < lowest || value > highest) {
      return false;
    }
    pending--;
    lowest = 0x80;
    highest = 0xBF;
    return true;
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
