package dev.dltjava.normalize;

import dev.dltjava.column.Column;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.json.FloatText;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.JsonKind;
import dev.dltjava.json.JsonText;
import dev.dltjava.limits.Limits;
import dev.dltjava.schema.ColumnType;
import dev.dltjava.schema.DataType;
import dev.dltjava.time.EpochSeconds;
import dev.dltjava.time.IsoDateTime;
import dev.dltjava.time.IsoTime;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Puts values into columns, converting them as dlt does (`dlt/common/data_types/type_helpers.py`).
/// One owner, one thread.
final class Coercion {
  private static final long MICROS_PER_SECOND = 1_000_000;

  private static final BigInteger LEAST_LONG = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger GREATEST_LONG = BigInteger.valueOf(Long.MAX_VALUE);

  private final IsoDateTime isoDateTime = new IsoDateTime();
  private final TimestampText timestampText = new TimestampText();
  private final Scalar rendered = new Scalar();
  private final JsonCursor cursor;
  private final JsonText jsonText = new JsonText();
  private final boolean isoTimestamps;
  private boolean nullWasRead;

  /// @param isoTimestamps whether texts that look like timestamps make columns of that type
  Coercion(Limits limits, boolean isoTimestamps) {
    this.cursor = new JsonCursor(limits);
    this.isoTimestamps = isoTimestamps;
  }

  /// The type of a column whose first value this is.
  DataType infer(Scalar value) {
    if (value.isDeclared()) {
      return value.declaredType();
    }
    boolean dateTime =
        isoTimestamps
            && value.type() == DataType.TEXT
            && isoDateTime.parseDateTime(
                value.utf8(), value.offset(), value.offset() + value.length());
    return dateTime ? DataType.TIMESTAMP : value.type();
  }

  /// Sets the scalar that the cursor has read at `row`, if it is of the column's own type, as most
  /// are; false if it is not, and nothing is set.
  boolean putPlain(JsonCursor value, Column column, ColumnType type, int row) {
    return type.dataType() != DataType.JSON && putDirectly(value.kind(), value, column, row);
  }

  /// As [#putPlain], of a column that is known not to hold JSON text.
  ///
  /// @param kind the value's
  boolean putDirectly(JsonKind kind, JsonCursor value, Column column, int row) {
    if (kind == JsonKind.STRING) {
      if (column instanceof Column.Text texts) {
        if (value.halfPair()) {
          return false;
        }
        texts.set(row, value.text(), value.start(), value.end() - value.start());
        return true;
      }
      return column instanceof Column.Timestamp timestamps && putTimestamp(value, timestamps, row);
    }
    if (kind == JsonKind.INTEGER) {
      if (column instanceof Column.Long64 integers) {
        integers.set(row, value.integer());
        return true;
      }
      if (column instanceof Column.Double64 doubles) {
        doubles.set(row, value.integer());
        return true;
      }
      return false;
    }
    if (kind == JsonKind.FLOAT) {
      if (column instanceof Column.Double64 doubles && Double.isFinite(value.real())) {
        doubles.set(row, value.real());
        return true;
      }
      return false;
    }
    if (column instanceof Column.Bool booleans
        && (kind == JsonKind.TRUE || kind == JsonKind.FALSE)) {
      booleans.set(row, kind == JsonKind.TRUE);
      return true;
    }
    return false;
  }

  private boolean putTimestamp(JsonCursor value, Column.Timestamp column, int row) {
    if (!isoDateTime.parseDateTimeOrDate(value.text(), value.start(), value.end())) {
      return false;
    }
    column.set(row, isoDateTime.micros());
    return true;
  }

  /// Sets the value at `row`; false if it does not fit the column's type.
  boolean put(Scalar value, Column column, ColumnType type, int row) {
    return switch (column) {
      case Column.Text text ->
          type.dataType() == DataType.JSON ? putJson(value, text, row) : putText(value, text, row);
      case Column.Long64 integers -> putLong(value, integers, row);
      case Column.Double64 doubles -> putDouble(value, doubles, row);
      case Column.Bool booleans -> putBoolean(value, booleans, row);
      case Column.Timestamp timestamps -> putTimestamp(value, timestamps, row);
      case Column.Date dates -> putDate(value, dates, row);
      case Column.Time times -> putTime(value, times, row);
      case Column.Binary bytes -> putBinary(value, bytes, row);
      case Column.Decimal decimals -> {
        Optional<BigDecimal> decimal = decimal(value, type);
        decimal.ifPresent(fitting -> decimals.set(row, fitting));
        yield decimal.isPresent();
      }
      case Column.Decimal256 decimals -> {
        Optional<BigDecimal> decimal = decimal(value, type);
        decimal.ifPresent(fitting -> decimals.set(row, fitting));
        yield decimal.isPresent();
      }
    };
  }

  private boolean putText(Scalar value, Column.Text column, int row) {
    Scalar source = value;
    if (value.type() != DataType.TEXT && value.type() != DataType.JSON) {
      rendered.setText(render(value));
      source = rendered;
    }
    column.set(row, source.utf8(), source.offset(), source.length());
    return true;
  }

  private boolean putJson(Scalar value, Column.Text column, int row) {
    switch (value.type()) {
      case JSON -> column.set(row, value.utf8(), value.offset(), value.length());
      case TEXT -> {
        if (!readJson(value)) {
          return false;
        }
        // dlt loads the text, and the value null is no value.
        if (nullWasRead) {
          return true;
        }
        column.set(row, jsonText.text().bytes(), 0, jsonText.text().length());
      }
      case BIGINT, DOUBLE, BOOL, TIMESTAMP -> {
        return false;
      }
      case BINARY, DECIMAL, WEI, DATE, TIME -> throw unreachable(value);
    }
    return true;
  }

  /// Reads text as JSON; false if it is none.
  private boolean readJson(Scalar value) {
    cursor.open(value.utf8(), value.offset(), value.offset() + value.length());
    try {
      nullWasRead = cursor.document() == JsonKind.NULL;
      if (cursor.kind() == JsonKind.END) {
        return false;
      }
      jsonText.write(cursor);
      return cursor.atEnd() && !jsonText.halfPair();
    } catch (DltJavaException e) {
      return false;
    }
  }

  private static String render(Scalar value) {
    return switch (value.type()) {
      case BIGINT -> Long.toString(value.number());
      case DOUBLE -> FloatText.python(value.real());
      case BOOL -> value.number() != 0 ? "True" : "False";
      case TIMESTAMP ->
          java.time.Instant.EPOCH
              .plus(value.number(), java.time.temporal.ChronoUnit.MICROS)
              .toString();
      case TEXT, JSON -> value.text();
      case BINARY, DECIMAL, WEI, DATE, TIME -> throw unreachable(value);
    };
  }

  private static boolean putLong(Scalar value, Column.Long64 column, int row) {
    switch (value.type()) {
      case BIGINT -> column.set(row, value.number());
      case DOUBLE -> {
        double real = value.real();
        if (real != Math.rint(real) || Math.abs(real) >= 0x1p63) {
          return false;
        }
        column.set(row, (long) real);
      }
      case TEXT -> {
        Optional<BigInteger> parsed = PythonNumber.integer(value.text());
        if (parsed.isEmpty()
            || parsed.get().compareTo(LEAST_LONG) < 0
            || parsed.get().compareTo(GREATEST_LONG) > 0) {
          return false;
        }
        column.set(row, parsed.get().longValue());
      }
      case TIMESTAMP -> column.set(row, Math.floorDiv(value.number(), MICROS_PER_SECOND));
      case BOOL, JSON -> {
        return false;
      }
      case BINARY, DECIMAL, WEI, DATE, TIME -> throw unreachable(value);
    }
    return true;
  }

  private static boolean putDouble(Scalar value, Column.Double64 column, int row) {
    switch (value.type()) {
      case DOUBLE -> column.set(row, value.real());
      case BIGINT -> column.set(row, value.number());
      case TEXT -> {
        OptionalDouble parsed = PythonNumber.real(value.text());
        if (parsed.isEmpty()) {
          return false;
        }
        column.set(row, parsed.getAsDouble());
      }
      case TIMESTAMP -> column.set(row, value.number() / (double) MICROS_PER_SECOND);
      case BOOL, JSON -> {
        return false;
      }
      case BINARY, DECIMAL, WEI, DATE, TIME -> throw unreachable(value);
    }
    return true;
  }

  private static boolean putBoolean(Scalar value, Column.Bool column, int row) {
    switch (value.type()) {
      case BOOL, BIGINT -> column.set(row, value.number() != 0);
      case DOUBLE -> column.set(row, value.real() != 0);
      case TEXT -> {
        Optional<Boolean> parsed = BooleanText.read(value.text());
        parsed.ifPresent(truth -> column.set(row, truth));
        return parsed.isPresent();
      }
      case TIMESTAMP, JSON -> {
        return false;
      }
      case BINARY, DECIMAL, WEI, DATE, TIME -> throw unreachable(value);
    }
    return true;
  }

  private boolean putTimestamp(Scalar value, Column.Timestamp column, int row) {
    long micros = micros(value);
    if (micros == Long.MIN_VALUE) {
      return false;
    }
    column.set(row, micros);
    return true;
  }

  private boolean putDate(Scalar value, Column.Date column, int row) {
    long micros = micros(value);
    if (micros == Long.MIN_VALUE) {
      return false;
    }
    column.set(row, (int) Math.floorDiv(micros, 86_400 * MICROS_PER_SECOND));
    return true;
  }

  private static boolean putTime(Scalar value, Column.Time column, int row) {
    OptionalLong micros =
        value.type() == DataType.TEXT ? IsoTime.micros(value.text()) : OptionalLong.empty();
    micros.ifPresent(present -> column.set(row, present));
    return micros.isPresent();
  }

  private static boolean putBinary(Scalar value, Column.Binary column, int row) {
    Optional<byte[]> bytes =
        switch (value.type()) {
          case TEXT -> BinaryText.decode(value.text());
          case BIGINT -> littleEndian(value.number());
          case DOUBLE, BOOL, TIMESTAMP, JSON -> Optional.empty();
          case BINARY, DECIMAL, WEI, DATE, TIME -> throw unreachable(value);
        };
    bytes.ifPresent(present -> column.set(row, present));
    return bytes.isPresent();
  }

  /// Python's `int.to_bytes`, in as few bytes as it takes; negative numbers have none.
  private static Optional<byte[]> littleEndian(long number) {
    if (number < 0) {
      return Optional.empty();
    }
    byte[] bytes = new byte[(Long.SIZE - Long.numberOfLeadingZeros(number) + 7) / Byte.SIZE];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (number >>> i * Byte.SIZE);
    }
    return Optional.of(bytes);
  }

  /// The value with the column's scale, empty if it is no number. Digits beyond the scale are
  /// rounded as databases round them; dlt leaves that to the destination.
  private static Optional<BigDecimal> decimal(Scalar value, ColumnType type) {
    Optional<BigDecimal> number =
        switch (value.type()) {
          case BIGINT -> Optional.of(BigDecimal.valueOf(value.number()));
          case DOUBLE -> Optional.of(new BigDecimal(FloatText.python(value.real())));
          case TEXT -> PythonNumber.decimal(value.text());
          case BOOL, TIMESTAMP, JSON -> Optional.empty();
          case BINARY, DECIMAL, WEI, DATE, TIME -> throw unreachable(value);
        };
    return number.map(unrounded -> rounded(unrounded, type));
  }

  private static BigDecimal rounded(BigDecimal number, ColumnType type) {
    // Checked first: the digits of 1e999999999 would fill the memory.
    long integerDigits = (long) number.precision() - number.scale();
    if (number.signum() == 0 || integerDigits < -type.scale()) {
      return BigDecimal.ZERO.setScale(type.scale());
    }
    if (integerDigits <= type.precision() - type.scale()) {
      BigDecimal rounded = number.setScale(type.scale(), RoundingMode.HALF_UP);
      if (rounded.precision() <= type.precision()) {
        return rounded;
      }
    }
    throw new DltJavaException(
        ErrorCode.VALUE,
        ErrorLocation.NONE,
        "a number does not fit into "
            + type.dataType().dltName()
            + "("
            + type.precision()
            + ", "
            + type.scale()
            + "): give the column a higher precision");
  }

  /// Micros since the epoch, `Long.MIN_VALUE` if the value is no point in time.
  private long micros(Scalar value) {
    return switch (value.type()) {
      case TIMESTAMP -> value.number();
      case BIGINT -> EpochSeconds.micros(value.number());
      case DOUBLE -> EpochSeconds.micros(value.real());
      case TEXT ->
          timestampText.micros(value.utf8(), value.offset(), value.offset() + value.length());
      case BOOL, JSON -> Long.MIN_VALUE;
      case BINARY, DECIMAL, WEI, DATE, TIME -> throw unreachable(value);
    };
  }

  private static IllegalStateException unreachable(Scalar value) {
    return new IllegalStateException("JSON has no " + value.type().dltName());
  }
}
