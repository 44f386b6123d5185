package dev.dltjava.json;

import java.util.Arrays;

/// A key as it stands in a document, from its opening quote to the colon, for comparing it in place
/// eight bytes at a time.
public final class KeyToken {
  /// Matches no key: none begins with a zero byte.
  public static final KeyToken NONE = new KeyToken(new byte[] {0});

  private static final int WORDS_BYTES = 2 * Long.BYTES;

  /// The first sixteen bytes, which most keys have no more than, and which of them belong to it.
  private final long first;

  private final long firstMask;
  private final long second;
  private final long secondMask;

  private final byte[] token;
  final int length;

  private KeyToken(byte[] token) {
    this.token = token;
    length = token.length;
    byte[] padded = Arrays.copyOf(token, Math.max(length, WORDS_BYTES));
    first = Swar.load(padded, 0);
    second = Swar.load(padded, Long.BYTES);
    firstMask = mask(length);
    secondMask = mask(length - Long.BYTES);
  }

  private static long mask(int bytes) {
    return bytes <= 0 ? 0 : bytes >= Long.BYTES ? -1 : (1L << bytes * Byte.SIZE) - 1;
  }

  /// The token of a key.
  ///
  /// @param key UTF-8, escapes resolved; one that a document cannot hold without escapes matches
  ///   nothing, so that no text that is not this key does
  public static KeyToken of(byte[] key) {
    byte[] token = new byte[key.length + 3];
    token[0] = '"';
    for (int i = 0; i < key.length; i++) {
      byte character = key[i];
      if (character == '"' || character == '\\' || (character >= 0 && character < ' ')) {
        return NONE;
      }
      token[i + 1] = character;
    }
    token[key.length + 1] = '"';
    token[key.length + 2] = ':';
    return Utf8.malformedAt(key, 0, key.length) < 0 ? new KeyToken(token) : NONE;
  }

  /// Whether the key stands at an index.
  ///
  /// @param limit where the text ends: a zero, which no token has, is there, and fifteen bytes more
  boolean isAt(byte[] bytes, int index, int limit) {
    long difference =
        ((Swar.load(bytes, index) ^ first) & firstMask)
            | ((Swar.load(bytes, index + Long.BYTES) ^ second) & secondMask);
    return difference == 0 && (length <= WORDS_BYTES || hasRest(bytes, index, limit));
  }

  private boolean hasRest(byte[] bytes, int index, int limit) {
    int end = index + length;
    return end <= limit
        && Arrays.equals(bytes, index + WORDS_BYTES, end, token, WORDS_BYTES, length);
  }
}
