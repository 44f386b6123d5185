package dev.dltjava.rest;

import dev.dltjava.http.QueryText;
import dev.dltjava.json.FloatText;
import dev.dltjava.json.JsonValue;
import dev.dltjava.naming.PythonText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What dlt's Python code makes of values in responses.
final class PythonValue {
  /// What `str2bool` of `dlt/common/utils.py` takes, in lower case.
  private static final Set<String> TRUE = Set.of("yes", "true", "t", "y", "1");

  private static final Set<String> FALSE = Set.of("no", "false", "f", "n", "0");

  /// The longest text that Python makes an integer of.
  private static final int LONGEST_INTEGER = 4_300;

  private PythonValue() {}

  /// `int()`: of text with spaces around it and underscores between digits, and of numbers without
  /// their fraction; empty where Python raises an exception.
  static Optional<BigInteger> integer(JsonValue value) {
    return switch (value) {
      case JsonValue.Whole whole -> Optional.of(whole.value());
      case JsonValue.Real real ->
          Double.isFinite(real.value())
              ? Optional.of(new BigDecimal(real.value()).toBigInteger())
              : Optional.empty();
      case JsonValue.Bool bool -> Optional.of(bool.value() ? BigInteger.ONE : BigInteger.ZERO);
      case JsonValue.Text text -> integer(PythonText.strip(text.text()));
      case JsonValue.Null _, JsonValue.Nested _ -> Optional.empty();
    };
  }

  private static Optional<BigInteger> integer(String text) {
    boolean signed = text.startsWith("-") || text.startsWith("+");
    StringBuilder digits = new StringBuilder(text.startsWith("-") ? "-" : "");
    boolean afterDigit = false;
    for (int i = signed ? 1 : 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == '_' && afterDigit) {
        afterDigit = false;
      } else if (Character.isDigit(character)) {
        digits.append(Character.digit(character, 10));
        afterDigit = true;
      } else {
        return Optional.empty();
      }
    }
    return afterDigit && digits.length() <= LONGEST_INTEGER
        ? Optional.of(new BigInteger(digits.toString()))
        : Optional.empty();
  }

  /// A boolean, or a text that `str2bool` takes; empty where dlt raises an exception.
  static Optional<Boolean> bool(JsonValue value) {
    return switch (value) {
      case JsonValue.Bool bool -> Optional.of(bool.value());
      case JsonValue.Text text -> {
        String lower = text.text().toLowerCase(Locale.ROOT);
        yield TRUE.contains(lower)
            ? Optional.of(true)
            : FALSE.contains(lower) ? Optional.of(false) : Optional.empty();
      }
      case JsonValue.Whole _, JsonValue.Real _, JsonValue.Null _, JsonValue.Nested _ ->
          Optional.empty();
    };
  }

  static String encoded(JsonValue value, RequestTemplate.Encoding encoding) {
    return switch (encoding) {
      case QUERY -> QueryText.quotePlus(text(value));
      case JSON -> json(value);
    };
  }

  /// `str()`. Objects and arrays are refused before they get here.
  private static String text(JsonValue value) {
    return switch (value) {
      case JsonValue.Text text -> text.text();
      case JsonValue.Whole whole -> whole.value().toString();
      case JsonValue.Real real -> FloatText.python(real.value());
      case JsonValue.Bool bool -> bool.value() ? "True" : "False";
      case JsonValue.Null _ -> "None";
      case JsonValue.Nested nested -> nested.json();
    };
  }

  /// `json.dumps()`.
  private static String json(JsonValue value) {
    return switch (value) {
      case JsonValue.Text text -> asciiJson(text.text());
      case JsonValue.Whole whole -> whole.value().toString();
      case JsonValue.Real real -> FloatText.python(real.value());
      case JsonValue.Bool bool -> Boolean.toString(bool.value());
      case JsonValue.Null _ -> "null";
      case JsonValue.Nested nested -> nested.json();
    };
  }

  private static String asciiJson(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == '"' || character == '\\') {
        json.append('\\').append(character);
      } else if (character >= 0x20 && character < 0x7F) {
        json.append(character);
      } else {
        json.append("\\u%04x".formatted((int) character));
      }
    }
    return json.append('"').toString();
  }
}
