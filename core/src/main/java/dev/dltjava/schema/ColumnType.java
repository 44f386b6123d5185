package dev.dltjava.schema;

/// The type of a column, with the digits that dlt's schemas give decimals.
///
/// @param precision digits of a decimal or wei, 0 for other types
/// @param scale digits behind the point
public record ColumnType(DataType dataType, int precision, int scale) {
  /// The widest decimal that Arrow has.
  public static final int MAXIMUM_PRECISION = 76;

  private static final int STANDARD_PRECISION = 38;
  private static final int STANDARD_SCALE = 9;

  public ColumnType {
    if (precision < 0 || precision > MAXIMUM_PRECISION || scale < 0 || scale > precision) {
      throw new IllegalArgumentException(
          "no decimal has precision " + precision + " and scale " + scale);
    }
  }

  /// The type with the digits that most destinations of dlt give it: decimal(38, 9), and
  /// decimal(38, 0) for wei.
  public static ColumnType of(DataType dataType) {
    return switch (dataType) {
      case DECIMAL -> new ColumnType(dataType, STANDARD_PRECISION, STANDARD_SCALE);
      case WEI -> new ColumnType(dataType, STANDARD_PRECISION, 0);
      case TEXT, DOUBLE, BOOL, TIMESTAMP, BIGINT, BINARY, JSON, DATE, TIME ->
          new ColumnType(dataType, 0, 0);
    };
  }
}
