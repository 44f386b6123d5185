package dev.dltjava.normalize;

import dev.dltjava.column.Column;
import dev.dltjava.json.FloatText;
import dev.dltjava.schema.DataType;
import dev.dltjava.time.IsoDateTime;
import java.util.Locale;
import java.util.regex.Pattern;

/// Puts values into columns, converting them as dlt does (`dlt/common/data_types/type_helpers.py`).
/// One owner, one thread.
final class Coercion {
  /// Python's `datetime` ends here.
  private static final long MINIMUM_SECONDS = -62_135_596_800L;

  private static final long MAXIMUM_SECONDS = 253_402_300_799L;

  private static final long MICROS_PER_SECOND = 1_000_000;

  /// Python's `int()`: underscores may stand between digits.
  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+(?:_[0-9]+)*");

  /// Python's `float()`, without the names of infinities and NaN.
  private static final Pattern REAL =
      Pattern.compile(
          "[+-]?(?:[0-9]+(?:_[0-9]+)*\\.?(?:[0-9]+(?:_[0-9]+)*)?|\\.[0-9]+(?:_[0-9]+)*)"
              + "(?:[eE][+-]?[0-9]+(?:_[0-9]+)*)?");

  private final IsoDateTime isoDateTime = new IsoDateTime();
  private final Scalar rendered = new Scalar();

  /// The type of a column whose first value this is.
  DataType infer(Scalar value) {
    if (value.type() == DataType.TEXT && isoDateTime.parseDateTime(value.text())) {
      return DataType.TIMESTAMP;
    }
    return value.type();
  }

  /// Sets the value at `row`; false if it does not fit the column's type.
  boolean put(Scalar value, Column column, DataType type, int row) {
    return switch (column) {
      case Column.Text text -> putText(value, text, type, row);
      case Column.Long64 integers -> putLong(value, integers, row);
      case Column.Double64 doubles -> putDouble(value, doubles, row);
      case Column.Bool booleans -> putBoolean(value, booleans, row);
      case Column.Timestamp timestamps -> putTimestamp(value, timestamps, row);
      case Column.Date dates -> putDate(value, dates, row);
    };
  }

  private boolean putText(Scalar value, Column.Text column, DataType type, int row) {
    Scalar source = value;
    if (value.type() != type && !(type == DataType.TEXT && value.type() == DataType.JSON)) {
      if (type == DataType.JSON) {
        // A text in a JSON column would have to be parsed; it goes to a variant column.
        return false;
      }
      rendered.setText(render(value));
      source = rendered;
    }
    column.set(row, source.utf8(), 0, source.length());
    return true;
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
        String text = value.text().strip();
        try {
          if (text.startsWith("0x")) {
            column.set(row, Long.parseLong(text.substring(2), 16));
          } else if (INTEGER.matcher(text).matches()) {
            column.set(row, Long.parseLong(text.replace("_", "")));
          } else {
            return false;
          }
        } catch (NumberFormatException e) {
          return false;
        }
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
        double parsed = parseReal(value.text().strip());
        if (Double.isNaN(parsed)) {
          return false;
        }
        column.set(row, parsed);
      }
      case TIMESTAMP -> column.set(row, value.number() / (double) MICROS_PER_SECOND);
      case BOOL, JSON -> {
        return false;
      }
      case BINARY, DECIMAL, WEI, DATE, TIME -> throw unreachable(value);
    }
    return true;
  }

  /// NaN if the text is no finite number.
  private static double parseReal(String text) {
    if (!REAL.matcher(text).matches()) {
      return Double.NaN;
    }
    double parsed = Double.parseDouble(text.replace("_", ""));
    return Double.isFinite(parsed) ? parsed : Double.NaN;
  }

  private static boolean putBoolean(Scalar value, Column.Bool column, int row) {
    switch (value.type()) {
      case BOOL, BIGINT -> column.set(row, value.number() != 0);
      case DOUBLE -> column.set(row, value.real() != 0);
      case TEXT -> {
        switch (value.text().toLowerCase(Locale.ROOT)) {
          case "yes", "true", "t", "y", "1" -> column.set(row, true);
          case "no", "false", "f", "n", "0" -> column.set(row, false);
          default -> {
            return false;
          }
        }
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

  /// Micros since the epoch, `Long.MIN_VALUE` if the value is no point in time.
  private long micros(Scalar value) {
    return switch (value.type()) {
      case TIMESTAMP -> value.number();
      case BIGINT -> ofSeconds(value.number());
      case DOUBLE -> ofSeconds(value.real());
      case TEXT -> {
        if (isoDateTime.parseDateTimeOrDate(value.text())) {
          yield isoDateTime.micros();
        }
        double seconds = parseReal(value.text().strip());
        yield Double.isNaN(seconds) ? Long.MIN_VALUE : ofSeconds(seconds);
      }
      case BOOL, JSON -> Long.MIN_VALUE;
      case BINARY, DECIMAL, WEI, DATE, TIME -> throw unreachable(value);
    };
  }

  private static long ofSeconds(long seconds) {
    boolean representable = seconds >= MINIMUM_SECONDS && seconds <= MAXIMUM_SECONDS;
    return representable ? seconds * MICROS_PER_SECOND : Long.MIN_VALUE;
  }

  /// Python's `datetime.fromtimestamp`: the fraction is rounded half to even.
  private static long ofSeconds(double seconds) {
    double whole = Math.floor(seconds);
    if (whole < MINIMUM_SECONDS || whole > MAXIMUM_SECONDS) {
      return Long.MIN_VALUE;
    }
    return (long) whole * MICROS_PER_SECOND
        + (long) Math.rint((seconds - whole) * MICROS_PER_SECOND);
  }

  private static IllegalStateException unreachable(Scalar value) {
    return new IllegalStateException("JSON has no " + value.type().dltName());
  }
}
