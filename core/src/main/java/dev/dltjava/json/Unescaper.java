package dev.dltjava.json;

import jdk.incubator.vector.ByteVector;

/// Resolves the escapes of a JSON string. One owner, one thread: the result stays in the object
/// until the next string.
final class Unescaper {
  /// A block that is stored may begin as late as a block behind what belongs to the string.
  private static final int SLACK = 2 * Blocks.BYTES;

  private static final int INITIAL_BYTES = 1_024;
  private static final int HEX_DIGITS = 4;

  /// What a backslash and a character stand for, 0 for no such escape.
  private static final byte[] SIMPLE = new byte[1 << Byte.SIZE];

  static {
    SIMPLE['"'] = '"';
    SIMPLE['\\'] = '\\';
    SIMPLE['/'] = '/';
    SIMPLE['b'] = '\b';
    SIMPLE['f'] = '\f';
    SIMPLE['n'] = '\n';
    SIMPLE['r'] = '\r';
    SIMPLE['t'] = '\t';
  }

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int length;
  private boolean halfPair;
  private boolean beyondAscii;

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

  /// Resolves the escapes of a string whose end is not known, in the same pass that looks for it.
  ///
  /// @param from of the first byte behind the opening quote
  /// @param escape of the first backslash
  /// @param limit behind the last byte of the array that belongs to the text; a zero stands there,
  ///   and the array has two blocks of bytes from there on
  /// @return the index of the closing quote; -1 if there is a fault or the limit on the way
  int unescapeToQuote(byte[] source, int from, int escape, int limit) {
    reserve(limit - from);
    halfPair = false;
    byte[] target = bytes;
    int out = escape - from;
    System.arraycopy(source, from, target, 0, out);
    int i = escape;
    long seen = 0;
    while (true) {
      ByteVector block = Blocks.load(source, i);
      block.intoArray(target, out);
      long backslashes = Blocks.backslashes(block);
      long ends = Blocks.stringEnds(block);
      long beyond = Blocks.beyondAscii(block);
      // What is before it in the block has found its place in the target.
      int begin = 0;
      int escapeAt;
      while (true) {
        escapeAt = Blocks.first(backslashes);
        int end = Blocks.first(ends);
        if (end < escapeAt) {
          length = out + end - begin;
          beyondAscii = (seen | Blocks.before(end, beyond)) != 0;
          return source[i + end] == '"' ? i + end : -1;
        }
        // The next block begins with an escape that this one has half of.
        byte value = escapeAt < Blocks.BYTES - 1 ? SIMPLE[source[i + escapeAt + 1] & 0xFF] : 0;
        if (value == 0) {
          break;
        }
        out += escapeAt - begin;
        target[out++] = value;
        begin = escapeAt + 2;
        // The rest again, to its place; the masks are those of the block, so no load is waited for.
        Blocks.copy(source, i + begin, target, out);
        long rest = -1L << begin;
        backslashes &= rest;
        ends &= rest;
      }
      seen |= Blocks.before(escapeAt, beyond);
      i += escapeAt;
      out += escapeAt - begin;
      if (escapeAt == Blocks.BYTES) {
        continue;
      }
      // The limit's zero, behind a backslash that ends the text, is no escape.
      byte value = SIMPLE[source[i + 1] & 0xFF];
      if (value != 0) {
        target[out++] = value;
        i += 2;
        continue;
      }
      int unit = source[i + 1] == 'u' ? hexadecimal(source, i + 2, limit) : -1;
      if (unit < 0) {
        return -1;
      }
      i += 2 + HEX_DIGITS;
      int low = Character.isHighSurrogate((char) unit) ? lowSurrogate(source, i, limit) : -1;
      if (low >= 0) {
        unit = Character.toCodePoint((char) unit, (char) low);
        i += 2 + HEX_DIGITS;
      } else if (Character.isSurrogate((char) unit)) {
        halfPair = true;
      }
      out = Utf8.put(target, out, unit);
    }
  }

  /// Whether the source of the last string has bytes beyond ASCII from its first escape on.
  boolean beyondAscii() {
    return beyondAscii;
  }

  private void reserve(int count) {
    if (bytes.length < count + SLACK) {
      bytes = new byte[Math.max(count + SLACK, bytes.length * 2)];
    }
  }

  /// Resolves the escapes in a range, behind which the array has eight bytes more.
  ///
  /// @param from of the first byte behind the opening quote
  /// @param to of the closing quote
  /// @return the index of the byte that is not what an escape needs there, -1 if all is well
  int unescape(byte[] source, int from, int to) {
    reserve(to - from);
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
      byte value = SIMPLE[escaped & 0xFF];
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
      int low = Character.isHighSurrogate((char) unit) ? lowSurrogate(source, i, to) : -1;
      if (low >= 0) {
        unit = Character.toCodePoint((char) unit, (char) low);
        i += 2 + HEX_DIGITS;
      } else if (Character.isSurrogate((char) unit)) {
        halfPair = true;
      }
      out = Utf8.put(target, out, unit);
    }
    // The last word may have reached beyond the closing quote.
    length = out - (i - to);
    return -1;
  }

  /// The second half of a pair, if an escape for one is there, else -1.
  private static int lowSurrogate(byte[] source, int from, int to) {
    if (to - from < 2 + HEX_DIGITS || source[from] != '\\' || source[from + 1] != 'u') {
      return -1;
    }
    int unit = hexadecimal(source, from + 2, to);
    return unit >= 0 && Character.isLowSurrogate((char) unit) ? unit : -1;
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
