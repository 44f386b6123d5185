package dev.dltjava.json;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Characters with which texts begin that stand for values whose type JSON has not, as dlt writes
/// them (`dlt/common/json/__init__.py`, from `PUA_START` on).
public enum TypeMark {
  DECIMAL,
  TIMESTAMP,
  DATE,
  UUID,
  HEXADECIMAL,
  BASE64,
  WEI,
  TIME;

  /// Bytes of each of them.
  public static final int LENGTH = 3;

  private static final TypeMark[] ALL = values();
  private static final char FIRST = '\uF026';
  private static final byte[] FIRST_BYTES = String.valueOf(FIRST).getBytes(StandardCharsets.UTF_8);

  /// The character.
  public char character() {
    return (char) (FIRST + ordinal());
  }

  /// Whether a text, UTF-8, begins with a mark and has more.
  public static boolean isAt(byte[] utf8, int from, int to) {
    return to - from > LENGTH
        && utf8[from] == FIRST_BYTES[0]
        && utf8[from + 1] == FIRST_BYTES[1]
        && utf8[from + 2] >= FIRST_BYTES[2]
        && utf8[from + 2] < FIRST_BYTES[2] + ALL.length;
  }

  /// The mark of a text, nothing if it has none.
  public static Optional<TypeMark> of(byte[] utf8, int from, int to) {
    return isAt(utf8, from, to)
        ? Optional.of(ALL[utf8[from + 2] - FIRST_BYTES[2]])
        : Optional.empty();
  }
}
