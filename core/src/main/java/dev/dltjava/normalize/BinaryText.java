package dev.dltjava.normalize;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Optional;

/// Bytes in text, as dlt reads them: hexadecimal behind `0x`, or strict Base64.
final class BinaryText {
  private static final int BASE64_UNIT = 4;

  private BinaryText() {}

  static Optional<byte[]> decode(String text) {
    if (text.startsWith("0x")) {
      return hexadecimal(text, "0x".length());
    }
    if (text.length() % BASE64_UNIT != 0) {
      // Java would take Base64 without its padding.
      return Optional.empty();
    }
    try {
      return Optional.of(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// Python's `bytes.fromhex`: ASCII white space may stand between bytes.
  private static Optional<byte[]> hexadecimal(String text, int start) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() / 2);
    int i = start;
    while (i < text.length()) {
      char character = text.charAt(i);
      if (character == ' ' || (character >= '\t' && character <= '\r')) {
        i++;
        continue;
      }
      int high = hexadecimalDigit(character);
      int low = i + 1 < text.length() ? hexadecimalDigit(text.charAt(i + 1)) : -1;
      if (high < 0 || low < 0) {
        return Optional.empty();
      }
      bytes.write(high << 4 | low);
      i += 2;
    }
    return Optional.of(bytes.toByteArray());
  }

  private static int hexadecimalDigit(char character) {
    return character < 0x80 ? Character.digit(character, 16) : -1;
  }
}
