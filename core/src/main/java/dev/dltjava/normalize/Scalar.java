package dev.dltjava.normalize;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.JsonText;
import dev.dltjava.schema.DataType;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The value that is on its way to a column; one object serves all values. One owner, one thread.
final class Scalar {
  private static final byte[] NO_BYTES = new byte[0];
  private static final int SHOWN_DIGITS = 40;

  /// Where the value came from: text, bigint, double, bool, timestamp (a source's own) or json.
  private DataType type = DataType.TEXT;

  private long number;
  private double real;
  private byte[] utf8 = NO_BYTES;
  private int offset;
  private int length;
  private @Nullable String text;

  /// Takes the scalar that the cursor has read; false if it is null or, like an infinite number,
  /// becomes null in dlt. A text is valid until the cursor moves.
  boolean read(JsonCursor cursor) {
    switch (cursor.kind()) {
      case STRING -> {
        if (cursor.halfPair()) {
          throw halfPair();
        }
        type = DataType.TEXT;
        setBytes(cursor.text(), cursor.start(), cursor.end() - cursor.start());
      }
      case INTEGER -> setLong(cursor.integer());
      case BIG_INTEGER ->
          throw invalid(
              "the integer " + abbreviate(cursor.string()) + " does not fit into 64 bits");
      case FLOAT -> {
        setDouble(cursor.real());
        return Double.isFinite(real);
      }
      case TRUE -> setBoolean(true);
      case FALSE -> setBoolean(false);
      case NULL -> {
        return false;
      }
      case OBJECT, ARRAY, END -> throw new IllegalStateException("not a scalar: " + cursor.kind());
    }
    return true;
  }

  private static String abbreviate(String digits) {
    return digits.length() <= SHOWN_DIGITS ? digits : digits.substring(0, SHOWN_DIGITS) + "…";
  }

  void setText(String value) {
    for (int i = 0; i < value.length(); i++) {
      int codePoint = value.codePointAt(i);
      if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
        throw halfPair();
      }
      i += Character.charCount(codePoint) - 1;
    }
    type = DataType.TEXT;
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    setBytes(bytes, 0, bytes.length);
    text = value;
  }

  /// @param json is taken, not copied
  void setJson(JsonText json) {
    if (json.halfPair()) {
      throw halfPair();
    }
    type = DataType.JSON;
    setBytes(json.text().bytes(), 0, json.text().length());
  }

  private void setBytes(byte[] bytes, int from, int count) {
    utf8 = bytes;
    offset = from;
    length = count;
    text = null;
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

  /// Holds a text or JSON value: [#length()] bytes from [#offset()] on.
  byte[] utf8() {
    return utf8;
  }

  int offset() {
    return offset;
  }

  int length() {
    return length;
  }

  /// A text or JSON value as a string.
  String text() {
    if (text == null) {
      text = new String(utf8, offset, length, StandardCharsets.UTF_8);
    }
    return text;
  }

  private static DltJavaException halfPair() {
    return invalid("the text holds half of a surrogate pair, which UTF-8 cannot express");
  }

  private static DltJavaException invalid(String message) {
    return new DltJavaException(ErrorCode.VALUE, ErrorLocation.NONE, message);
  }
}
