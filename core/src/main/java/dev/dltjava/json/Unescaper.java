package dev.dltjava.json;

/// Resolves the escapes of a JSON string. One owner, one thread: the result stays in the object
/// until the next string.
final class Unescaper {
  /// Stores are eight bytes wide, and a character takes up to four.
  private static final int SLACK = 16;

  private static final int INITIAL_BYTES = 1_024;
  private static final int HEX_DIGITS = 4;

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int length;
  private boolean halfPair;

  /// UTF-8, valid up to [#length()].
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /// Whether the string holds half of a surrogate pair, which UTF-8 cannot express; it is there in
  /// the three bytes that it would take.
  boolean halfPair() {
    return halfPair;
  }

  /// Gives the memory of an unusually long string up.
  void trim(int keptBytes) {
    if (bytes.length > keptBytes) {
      bytes = new byte[INITIAL_BYTES];
    }
  }

  /// Resolves the escapes in a range, behind which the array has eight bytes more.
  ///
  /// @param from of the first byte behind the opening quote
  /// @param to of the closing quote
  /// @return the index of the byte that is not what an escape needs there, -1 if all is well
  int unescape(byte[] source, int from, int to) {
    if (bytes.length < to - from + SLACK) {
      bytes = new byte[Math.max(to - from + SLACK, bytes.length * 2)];
    }
    halfPair = false;
    byte[] target = bytes;
    int out = 0;
    int i = from;
    while (i < to) {
      long word = Swar.load(source, i);
      Swar.store(target, out, word);
      int plain = Swar.first(Swar.backslashes(word));
      i += plain;
      out += plain;
      if (plain == Long.BYTES || i >= to) {
        continue;
      }
      byte escaped = source[i + 1];
      byte value = simple(escaped);
      if (value != 0) {
        target[out++] = value;
        i += 2;
        continue;
      }
      if (escaped != 'u') {
        return i + 1;
      }
      int unit = hexadecimal(source, i + 2, to);
      if (unit < 0) {
        return i - unit;
      }
      i += 2 + HEX_DIGITS;
      if (Character.isSurrogate((char) unit)) {
        int low =
            Character.isHighSurrogate((char) unit)
                    && to - i >= 2 + HEX_DIGITS
                    && source[i] == '\\'
                    && source[i + 1] == 'u'
                ? hexadecimal(source, i + 2, to)
                : -1;
        if (low >= 0 && Character.isLowSurrogate((char) low)) {
          unit = Character.toCodePoint((char) unit, (char) low);
          i += 2 + HEX_DIGITS;
        } else {
          halfPair = true;
        }
      }
      out = Utf8.put(target, out, unit);
    }
    // The last word may have reached beyond the closing quote.
    length = out - (i - to);
    return -1;
  }

  /// What a backslash and one character stand for, 0 for no such escape.
  private static byte simple(byte escaped) {
    return switch (escaped) {
      case '"', '\\', '/' -> escaped;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> 0;
    };
  }

  /// The value of four digits; if one is none, the negative distance from the backslash to it.
  private static int hexadecimal(byte[] source, int from, int to) {
    int value = 0;
    for (int k = 0; k < HEX_DIGITS; k++) {
      int digit = from + k < to ? hexadecimalDigit(source[from + k]) : -1;
      if (digit < 0) {
        return -2 - k;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private static int hexadecimalDigit(byte character) {
    return character >= 0 ? Character.digit(character, 16) : -1;
  }
}
