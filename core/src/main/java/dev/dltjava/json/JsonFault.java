package dev.dltjava.json;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import java.nio.charset.StandardCharsets;

/// What is wrong with a text, in words.
final class JsonFault {
  /// At most so many bytes of what was found are shown.
  static final int SHOWN_BYTES = 20;

  private static final int LONGEST_CHARACTER = 4;

  private JsonFault() {}

  /// @param found index of the byte that does not belong there, `limit` if the text has ended there
  static DltJavaException syntax(
      byte[] bytes, int found, int limit, long base, long line, String expected) {
    boolean ended = found >= limit;
    if (!ended && bytes[found] == 0 && base + found < LONGEST_CHARACTER) {
      return encoding(base + found, "it looks like UTF-16 or UTF-32");
    }
    return new DltJavaException(
        ErrorCode.JSON,
        ErrorLocation.NONE.withByteOffset(base + found),
        (ended ? "the document is cut off" : "not valid JSON")
            + " in line "
            + line
            + ": expected "
            + expected
            + ", found "
            + (ended ? "the end of the text" : describe(bytes, found, limit)));
  }

  private static String describe(byte[] bytes, int found, int limit) {
    byte first = bytes[found];
    if (first >= 0 && (first < ' ' || first == 0x7F)) {
      return "the control character 0x%02X".formatted(first);
    }
    int end = found + 1;
    if (first < 0) {
      // No longer than a character is: what follows it may be a whole body of such bytes.
      while (end < limit && end - found < LONGEST_CHARACTER && (bytes[end] & 0xC0) == 0x80) {
        end++;
      }
    } else if (Character.isLetterOrDigit(first)) {
      while (end < limit
          && end - found < SHOWN_BYTES
          && bytes[end] >= 0
          && Character.isLetterOrDigit(bytes[end])) {
        end++;
      }
    }
    return "'" + new String(bytes, found, end - found, StandardCharsets.UTF_8) + "'";
  }

  static DltJavaException encoding(long byteOffset, String reason) {
    return new DltJavaException(
        ErrorCode.ENCODING,
        ErrorLocation.NONE.withByteOffset(byteOffset),
        "the body is not valid UTF-8: expected JSON text in UTF-8, but " + reason);
  }

  static DltJavaException limit(long byteOffset, String what) {
    return new DltJavaException(
        ErrorCode.LIMIT, ErrorLocation.NONE.withByteOffset(byteOffset), what);
  }
}
