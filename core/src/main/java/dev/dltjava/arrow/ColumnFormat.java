package dev.dltjava.arrow;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;

/// The column types that can be exported, as the Arrow C data interface writes them.
final class ColumnFormat {
  private ColumnFormat() {}

  /// The format string of a vector's type.
  ///
  /// @throws DltJavaException `INTERNAL`, if the type is none that batches are made of
  static String of(FieldVector vector) {
    return switch (vector) {
      case BigIntVector _ -> "l";
      case Float8Vector _ -> "g";
      case BitVector _ -> "b";
      case VarCharVector _ -> "u";
      case VarBinaryVector _ -> "z";
      case DateDayVector _ -> "tdD";
      case TimeMicroVector _ -> "ttu";
      case TimeStampMicroVector _ -> "tsu:";
      case TimeStampMicroTZVector zoned -> "tsu:" + zoned.getTimeZone();
      case DecimalVector decimal -> "d:" + decimal.getPrecision() + "," + decimal.getScale();
      case Decimal256Vector decimal ->
          "d:" + decimal.getPrecision() + "," + decimal.getScale() + ",256";
      default ->
          throw refused(vector, "has type " + vector.getMinorType() + ", which has no export");
    };
  }

  /// The fault of a batch that was put together wrongly.
  static DltJavaException refused(FieldVector vector, String what) {
    return new DltJavaException(
        ErrorCode.INTERNAL,
        ErrorLocation.NONE.withColumn(vector.getName()),
        "the column `" + vector.getName() + "` " + what);
  }
}
