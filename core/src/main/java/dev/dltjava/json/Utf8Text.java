package dev.dltjava.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A growing text in UTF-8. One owner, one thread.
public final class Utf8Text {
  private static final int INITIAL_BYTES = 256;

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int length;

  /// The bytes, valid up to [#length()].
  public byte[] bytes() {
    return bytes;
  }

  public int length() {
    return length;
  }

  /// Cuts the text off.
  public void setLength(int newLength) {
    length = newLength;
  }

  public void append(char ascii) {
    room(1);
    bytes[length++] = (byte) ascii;
  }

  public void append(byte[] source, int from, int to) {
    room(to - from);
    System.arraycopy(source, from, bytes, length, to - from);
    length += to - from;
  }

  public void append(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    append(utf8, 0, utf8.length);
  }

  private void room(int count) {
    if (bytes.length - length < count) {
      bytes =
          Arrays.copyOf(
              bytes, Math.max(Math.multiplyExact(length, 2), Math.addExact(length, count)));
    }
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
