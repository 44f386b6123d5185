package dev.dltjava.normalize;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.JsonText;
import dev.dltjava.json.TypeMark;
import dev.dltjava.schema.DataType;
import dev.dltjava.time.IsoDateTime;
import dev.dltjava.time.IsoTime;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The value that is on its way to a column; one object serves all values. One owner, one thread.
final class Scalar {
  private static final byte[] NO_BYTES = new byte[0];
  private static final int SHOWN_DIGITS = 40;

  private final IsoDateTime isoDateTime = new IsoDateTime();

  /// Where the value came from: text, bigint, double, bool, timestamp (a source's own) or json.
  private DataType type = DataType.TEXT;

  private long number;
  private double real;
  private byte[] utf8 = NO_BYTES;
  private int offset;
  private int length;
  private @Nullable String text;

  /// The type that the mark of a text stands for, `null` without one.
  private @Nullable DataType declared;

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
    declared = null;
  }

  /// Takes the mark of a type, if the text begins with one, and stands for a value of that type.
  void unmark() {
    if (type != DataType.TEXT) {
      return;
    }
    Optional<TypeMark> mark = TypeMark.of(utf8, offset, offset + length);
    if (mark.isEmpty()) {
      return;
    }
    int from = offset + TypeMark.LENGTH;
    int to = offset + length;
    DataType meant =
        switch (mark.get()) {
          case TIMESTAMP ->
              isoDateTime.parseDateTimeOrDate(utf8, from, to) ? DataType.TIMESTAMP : null;
          case DATE -> isoDateTime.parseDateTimeOrDate(utf8, from, to) ? DataType.DATE : null;
          case UUID -> DataType.TEXT;
          case DECIMAL ->
              PythonNumber.decimal(string(from, to)).isPresent() ? DataType.DECIMAL : null;
          case WEI -> PythonNumber.decimal(string(from, to)).isPresent() ? DataType.WEI : null;
          case TIME -> IsoTime.micros(string(from, to)).isPresent() ? DataType.TIME : null;
          case BASE64 -> BinaryText.decode(string(from, to)).isPresent() ? DataType.BINARY : null;
          case HEXADECIMAL -> null;
        };
    if (meant != null) {
      setBytes(utf8, offset + TypeMark.LENGTH, length - TypeMark.LENGTH);
      declared = meant;
    }
  }

  private String string(int from, int to) {
    return new String(utf8, from, to - from, StandardCharsets.UTF_8);
  }

  /// The type of a column that the value makes, as far as it tells.
  DataType declaredType() {
    return type == DataType.TEXT && declared != null ? declared : type;
  }

  boolean isDeclared() {
    return type == DataType.TEXT && declared != null;
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
