package dev.dltjava.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
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

  /// The value that starts at the parser's current token; the parser is left on its last token.
  static JsonValue read(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case VALUE_STRING -> new Text(parser.getText());
      case VALUE_NUMBER_INT -> new Whole(parser.getBigIntegerValue());
      case VALUE_NUMBER_FLOAT -> new Real(parser.getDoubleValue());
      case VALUE_TRUE -> new Bool(true);
      case VALUE_FALSE -> new Bool(false);
      case VALUE_NULL -> new Null();
      case START_OBJECT, START_ARRAY -> new Nested(JsonText.read(parser));
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("not a value: " + token);
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
