package dev.dltjava.json;

import java.util.Arrays;

/// A key as it stands in a document, from its opening quote to the colon, for comparing it in place
/// eight bytes at a time.
public final class KeyToken {
  /// Matches nothing: no key begins with a zero byte.
  public static final KeyToken NONE = new KeyToken(new byte[] {0});

  private final long[] words;

  /// The bytes of the last word that belong to the key.
  private final long lastMask;

  final int length;

  private KeyToken(byte[] token) {
    length = token.length;
    int count = (length + Long.BYTES - 1) / Long.BYTES;
    byte[] padded = Arrays.copyOf(token, count * Long.BYTES);
    words = new long[count];
    for (int i = 0; i < count; i++) {
      words[i] = Swar.load(padded, i * Long.BYTES);
    }
    lastMask = -1L >>> (count * Long.BYTES - length) * 8;
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

  /// Whether the key stands at an index, behind which the array has enough bytes for it and for
  /// eight more.
  boolean isAt(byte[] bytes, int index) {
    int last = words.length - 1;
    for (int i = 0; i < last; i++) {
      if (Swar.load(bytes, index + i * Long.BYTES) != words[i]) {
        return false;
      }
    }
    return ((Swar.load(bytes, index + last * Long.BYTES) ^ words[last]) & lastMask) == 0;
  }
}
