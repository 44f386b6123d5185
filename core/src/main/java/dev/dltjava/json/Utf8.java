package dev.dltjava.json;

/// UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing beyond U+10FFFF.
final class Utf8 {
  private static final int CONTINUATION_BITS = 6;

  private Utf8() {}

  /// The index of the first byte in a range that cannot stand where it stands, or of the lead byte
  /// whose character the range cuts off; -1 if there is none.
  static int malformedAt(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      int lead = bytes[i];
      if (lead >= 0) {
        if (to - i >= Blocks.BYTES) {
          // At least one: this byte.
          i += Blocks.first(Blocks.beyondAscii(Blocks.load(bytes, i)));
        } else {
          i++;
        }
        continue;
      }
      int length = length(lead & 0xFF);
      if (length == 0 || to - i < length) {
        return i;
      }
      int second = bytes[i + 1] & 0xFF;
      if (second < lowest(lead & 0xFF) || second > highest(lead & 0xFF)) {
        return i + 1;
      }
      for (int k = 2; k < length; k++) {
        if ((bytes[i + k] & 0xC0) != 0x80) {
          return i + k;
        }
      }
      i += length;
    }
    return -1;
  }

  /// Bytes of the character that a byte from 0x80 on leads, 0 if it leads none.
  private static int length(int lead) {
    if (lead < 0xC2 || lead > 0xF4) {
      return 0;
    }
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  }

  /// The range of the second byte keeps overlong forms, surrogates and what is beyond U+10FFFF out.
  private static int lowest(int lead) {
    return lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  }

  private static int highest(int lead) {
    return lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  }

  /// Appends a code point, or half of a surrogate pair, which makes the bytes none of UTF-8.
  ///
  /// @return the index behind it
  static int put(byte[] target, int index, int codePoint) {
    int i = index;
    if (codePoint < 0x80) {
      target[i++] = (byte) codePoint;
    } else if (codePoint < 0x800) {
      target[i++] = (byte) (0xC0 | codePoint >> CONTINUATION_BITS);
      target[i++] = continuation(codePoint);
    } else if (codePoint < 0x10000) {
      target[i++] = (byte) (0xE0 | codePoint >> 2 * CONTINUATION_BITS);
      target[i++] = continuation(codePoint >> CONTINUATION_BITS);
      target[i++] = continuation(codePoint);
    } else {
      target[i++] = (byte) (0xF0 | codePoint >> 3 * CONTINUATION_BITS);
      target[i++] = continuation(codePoint >> 2 * CONTINUATION_BITS);
      target[i++] = continuation(codePoint >> CONTINUATION_BITS);
      target[i++] = continuation(codePoint);
    }
    return i;
  }

  private static byte continuation(int bits) {
    return (byte) (0x80 | bits & 0x3F);
  }

  /// A range as a string, halves of surrogate pairs included, which Java's own decoder replaces.
  static String string(byte[] bytes, int from, int to) {
    StringBuilder text = new StringBuilder(to - from);
    int i = from;
    while (i < to) {
      int lead = bytes[i] & 0xFF;
      if (lead < 0x80) {
        text.append((char) lead);
        i++;
        continue;
      }
      int length = length(lead);
      int codePoint = lead & 0x7F >> length;
      for (int k = 1; k < length; k++) {
        codePoint = codePoint << CONTINUATION_BITS | bytes[i + k] & 0x3F;
      }
      text.appendCodePoint(codePoint);
      i += length;
    }
    return text.toString();
  }
}
