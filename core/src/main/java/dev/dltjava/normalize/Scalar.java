package dev.dltjava.normalize;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.schema.DataType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The value that is on its way to a column; one object serves all values. One owner, one thread.
final class Scalar {
  private static final int INITIAL_BYTES = 4_096;

  /// Where the value came from: text, bigint, double, bool, timestamp (a source's own) or json.
  private DataType type = DataType.TEXT;

  private long number;
  private double real;
  private byte[] utf8 = new byte[INITIAL_BYTES];
  private int length;
  private @Nullable String text;

  /// Reads the parser's current scalar; false if it is null or, like an infinite number, becomes
  /// null in dlt.
  boolean read(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    text = null;
    switch (token) {
      case VALUE_STRING -> {
        type = DataType.TEXT;
        encode(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
      }
      case VALUE_NUMBER_INT -> readInteger(parser);
      case VALUE_NUMBER_FLOAT -> {
        type = DataType.DOUBLE;
        real = parser.getDoubleValue();
        return Double.isFinite(real);
      }
      case VALUE_TRUE, VALUE_FALSE -> {
        type = DataType.BOOL;
        number = token == JsonToken.VALUE_TRUE ? 1 : 0;
      }
      case VALUE_NULL -> {
        return false;
      }
      case START_OBJECT,
          END_OBJECT,
          START_ARRAY,
          END_ARRAY,
          FIELD_NAME,
          NOT_AVAILABLE,
          VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("not a scalar: " + token);
    }
    return true;
  }

  private void readInteger(JsonParser parser) throws IOException {
    type = DataType.BIGINT;
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      throw invalid("the integer " + abbreviate(parser.getText()) + " does not fit into 64 bits");
    }
    number = parser.getLongValue();
  }

  private static String abbreviate(String digits) {
    return digits.length() <= 40 ? digits : digits.substring(0, 40) + "…";
  }

  void setText(String value) {
    type = DataType.TEXT;
    text = value;
    encode(value.toCharArray(), 0, value.length());
  }

  void setJson(String value) {
    setText(value);
    type = DataType.JSON;
  }

  void setLong(long value) {
    type = DataType.BIGINT;
    number = value;
  }

  void setDouble(double value) {
    type = DataType.DOUBLE;
    real = value;
  }

  void setBoolean(boolean value) {
    type = DataType.BOOL;
    number = value ? 1 : 0;
  }

  /// @param micros since 1970-01-01T00:00Z
  void setTimestamp(long micros) {
    type = DataType.TIMESTAMP;
    number = micros;
  }

  DataType type() {
    return type;
  }

  /// A bigint's value, a bool's as 0 or 1, or a timestamp's micros.
  long number() {
    return number;
  }

  double real() {
    return real;
  }

  /// The bytes of a text or JSON value, valid up to [#length()].
  byte[] utf8() {
    return utf8;
  }

  int length() {
    return length;
  }

  /// A text or JSON value as a string.
  String text() {
    if (text == null) {
      text = new String(utf8, 0, length, StandardCharsets.UTF_8);
    }
    return text;
  }

  private void encode(char[] characters, int offset, int count) {
    // A character takes at most three bytes, a surrogate pair four for two.
    if (utf8.length < count * 3L) {
      utf8 = new byte[Math.toIntExact(Math.min(Integer.MAX_VALUE - 8L, count * 4L))];
    }
    byte[] target = utf8;
    int out = 0;
    int i = offset;
    int end = offset + count;
    while (i < end) {
      char character = characters[i++];
      if (character < 0x80) {
        target[out++] = (byte) character;
      } else if (character < 0x800) {
        target[out++] = (byte) (0xC0 | character >> 6);
        target[out++] = (byte) (0x80 | character & 0x3F);
      } else if (!Character.isSurrogate(character)) {
        target[out++] = (byte) (0xE0 | character >> 12);
        target[out++] = (byte) (0x80 | character >> 6 & 0x3F);
        target[out++] = (byte) (0x80 | character & 0x3F);
      } else {
        if (!Character.isHighSurrogate(character)
            || i == end
            || !Character.isLowSurrogate(characters[i])) {
          throw invalid("the text holds half of a surrogate pair, which UTF-8 cannot express");
        }
        int point = Character.toCodePoint(character, characters[i++]);
        target[out++] = (byte) (0xF0 | point >> 18);
        target[out++] = (byte) (0x80 | point >> 12 & 0x3F);
        target[out++] = (byte) (0x80 | point >> 6 & 0x3F);
        target[out++] = (byte) (0x80 | point & 0x3F);
      }
    }
    length = out;
  }

  private static DltJavaException invalid(String message) {
    return new DltJavaException(ErrorCode.VALUE, ErrorLocation.NONE, message);
  }
}
