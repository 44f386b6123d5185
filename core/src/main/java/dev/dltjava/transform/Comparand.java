package dev.dltjava.transform;

import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.JsonKind;
import dev.dltjava.json.JsonValue;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A value that others are compared with, exactly: an integer with a double as Python compares
/// them. Immutable.
public final class Comparand {
  /// What comes of comparing values of different kinds.
  private static final int INCOMPARABLE = 2;

  private final JsonValue value;

  /// A string's bytes; the order of UTF-8 is that of code points, as in Python.
  private final byte[] utf8;

  /// A number's exact value.
  private final BigDecimal number;

  /// Whether the number fits into 64 bits, as most that it is compared with do.
  private final boolean isLong;

  private final long integer;

  /// @param value a string, a number, a boolean or null
  public Comparand(JsonValue value) {
    this.value = value;
    this.utf8 =
        value instanceof JsonValue.Text text
            ? text.text().getBytes(StandardCharsets.UTF_8)
            : new byte[0];
    this.number =
        switch (value) {
          case JsonValue.Whole whole -> new BigDecimal(whole.value());
          case JsonValue.Real real when Double.isFinite(real.value()) ->
              new BigDecimal(real.value());
          case JsonValue.Real _,
              JsonValue.Text _,
              JsonValue.Bool _,
              JsonValue.Null _,
              JsonValue.Nested _ ->
              BigDecimal.ZERO;
        };
    this.isLong = value instanceof JsonValue.Whole whole && whole.value().bitLength() < Long.SIZE;
    this.integer = isLong ? number.longValueExact() : 0;
  }

  boolean isNull() {
    return value instanceof JsonValue.Null;
  }

  /// Whether the operator holds between the scalar that the cursor has read and this one.
  boolean holds(Condition.Operator operator, JsonCursor cursor) {
    return switch (operator) {
      case EQUAL -> compare(cursor) == 0;
      case LESS -> compare(cursor) == -1;
      case GREATER -> compare(cursor) == 1;
      case AT_MOST -> compare(cursor) <= 0;
      case AT_LEAST -> {
        int order = compare(cursor);
        yield order == 0 || order == 1;
      }
      case STARTS_WITH -> areStrings(cursor) && isAt(cursor, cursor.start());
      case ENDS_WITH -> areStrings(cursor) && isAt(cursor, cursor.end() - utf8.length);
      case CONTAINS -> areStrings(cursor) && isIn(cursor);
    };
  }

  /// Whether a list has an element like this one.
  boolean isElement(JsonCursor element) {
    return compare(element) == 0;
  }

  /// -1, 0 or 1 as the value that the cursor has read is less, equal or greater.
  private int compare(JsonCursor cursor) {
    return switch (value) {
      case JsonValue.Text _ ->
          areStrings(cursor)
              ? Integer.signum(
                  Arrays.compareUnsigned(
                      cursor.text(), cursor.start(), cursor.end(), utf8, 0, utf8.length))
              : INCOMPARABLE;
      case JsonValue.Whole _ ->
          switch (cursor.kind()) {
            case INTEGER ->
                isLong
                    ? Integer.signum(Long.compare(cursor.integer(), integer))
                    : compareExactly(cursor);
            case BIG_INTEGER, FLOAT -> compareExactly(cursor);
            case OBJECT, ARRAY, STRING, TRUE, FALSE, NULL, END -> INCOMPARABLE;
          };
      case JsonValue.Real real -> compareReal(cursor, real.value());
      case JsonValue.Bool bool ->
          switch (cursor.kind()) {
            case TRUE -> Boolean.compare(true, bool.value());
            case FALSE -> Boolean.compare(false, bool.value());
            case OBJECT, ARRAY, STRING, INTEGER, BIG_INTEGER, FLOAT, NULL, END -> INCOMPARABLE;
          };
      case JsonValue.Null _ -> cursor.kind() == JsonKind.NULL ? 0 : INCOMPARABLE;
      case JsonValue.Nested _ -> INCOMPARABLE;
    };
  }

  private int compareReal(JsonCursor cursor, double real) {
    return switch (cursor.kind()) {
      // No NaN in JSON, and zeros of both signs are equal.
      case FLOAT -> cursor.real() < real ? -1 : cursor.real() > real ? 1 : 0;
      case INTEGER, BIG_INTEGER ->
          Double.isInfinite(real) ? (real > 0 ? -1 : 1) : compareExactly(cursor);
      case OBJECT, ARRAY, STRING, TRUE, FALSE, NULL, END -> INCOMPARABLE;
    };
  }

  private int compareExactly(JsonCursor cursor) {
    if (cursor.kind() == JsonKind.FLOAT) {
      double real = cursor.real();
      return Double.isInfinite(real) ? (real > 0 ? 1 : -1) : new BigDecimal(real).compareTo(number);
    }
    return cursor.kind() == JsonKind.INTEGER
        ? BigDecimal.valueOf(cursor.integer()).compareTo(number)
        : new BigDecimal(cursor.string()).compareTo(number);
  }

  private boolean areStrings(JsonCursor cursor) {
    return cursor.kind() == JsonKind.STRING && value instanceof JsonValue.Text;
  }

  private boolean isAt(JsonCursor cursor, int from) {
    int to = from + utf8.length;
    return from >= cursor.start()
        && to <= cursor.end()
        && Arrays.equals(cursor.text(), from, to, utf8, 0, utf8.length);
  }

  private boolean isIn(JsonCursor cursor) {
    for (int i = cursor.start(); i <= cursor.end() - utf8.length; i++) {
      if (isAt(cursor, i)) {
        return true;
      }
    }
    return false;
  }
}
