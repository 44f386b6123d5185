package dev.dltjava.json;

import java.math.BigInteger;

/// One value of a document, such as a cursor or a total.
public sealed interface JsonValue {
  /// A string.
  record Text(String text) implements JsonValue {}

  /// A number without fraction and exponent.
  record Whole(BigInteger value) implements JsonValue {}

  /// Any other number.
  record Real(double value) implements JsonValue {}

  /// `true` or `false`.
  record Bool(boolean value) implements JsonValue {}

  /// `null`.
  record Null() implements JsonValue {}

  /// An object or an array.
  ///
  /// @param json its text, compact
  record Nested(String json) implements JsonValue {}

  /// The value whose first token the cursor has read; the cursor moves behind it.
  static JsonValue read(JsonCursor cursor) {
    return switch (cursor.kind()) {
      case STRING -> new Text(cursor.string());
      case INTEGER -> new Whole(BigInteger.valueOf(cursor.integer()));
      case BIG_INTEGER -> new Whole(new BigInteger(cursor.string()));
      case FLOAT -> new Real(cursor.real());
      case TRUE -> new Bool(true);
      case FALSE -> new Bool(false);
      case NULL -> new Null();
      case OBJECT, ARRAY -> {
        JsonText text = new JsonText();
        text.write(cursor);
        yield new Nested(text.string());
      }
      case END -> throw new IllegalStateException("there is no value");
    };
  }

  /// Whether Python's `bool()` of the value is true.
  default boolean isTruthy() {
    return switch (this) {
      case Text text -> !text.text().isEmpty();
      case Whole whole -> whole.value().signum() != 0;
      case Real real -> real.value() != 0;
      case Bool bool -> bool.value();
      case Null _ -> false;
      case Nested nested -> nested.json().length() > 2;
    };
  }

  /// What kind of value it is, for messages.
  default String kind() {
    return switch (this) {
      case Text _ -> "a string";
      case Whole _, Real _ -> "a number";
      case Bool _ -> "a boolean";
      case Null _ -> "null";
      case Nested nested -> nested.json().startsWith("[") ? "an array" : "an object";
    };
  }
}
