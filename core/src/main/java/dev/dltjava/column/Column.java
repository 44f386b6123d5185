package dev.dltjava.column;

import dev.dltjava.schema.ColumnType;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/// One typed column of the batch that is being filled: values are set row by row, rows that are
/// left out are null. Arrow types are those that dlt maps back to the same dlt type. One owner, one
/// thread.
public abstract sealed class Column {
  /// Key of the field metadata that holds dlt's type where Arrow has no type of its own for it.
  public static final String DATA_TYPE_KEY = "dlt.data_type";

  /// Key of the field metadata that marks a variant column, as `variant` does in dlt's schema.
  public static final String VARIANT_KEY = "dlt.variant";

  private final FieldVector vector;

  private Column(FieldVector vector) {
    this.vector = vector;
  }

  /// A new, empty column whose memory comes from `allocator`; it grows as needed.
  ///
  /// @param expectedRows room for so many rows is made with the first value
  public static Column allocate(ColumnHeader header, BufferAllocator allocator, int expectedRows) {
    Column column = allocate(header, allocator);
    column.vector.setInitialCapacity(expectedRows);
    return column;
  }

  private static Column allocate(ColumnHeader header, BufferAllocator allocator) {
    Field field = field(header);
    return switch (header.type().dataType()) {
      case TEXT, JSON -> new Text(new VarCharVector(field, allocator));
      case BIGINT -> new Long64(new BigIntVector(field, allocator));
      case DOUBLE -> new Double64(new Float8Vector(field, allocator));
      case BOOL -> new Bool(new BitVector(field, allocator));
      case TIMESTAMP -> new Timestamp(new TimeStampMicroTZVector(field, allocator));
      case DATE -> new Date(new DateDayVector(field, allocator));
      case TIME -> new Time(new TimeMicroVector(field, allocator));
      case BINARY -> new Binary(new VarBinaryVector(field, allocator));
      case DECIMAL, WEI ->
          header.type().precision() <= DecimalVector.MAX_PRECISION
              ? new Decimal(new DecimalVector(field, allocator))
              : new Decimal256(new Decimal256Vector(field, allocator));
    };
  }

  private static Field field(ColumnHeader header) {
    Map<String, String> metadata = new HashMap<>();
    switch (header.type().dataType()) {
      case JSON, WEI -> metadata.put(DATA_TYPE_KEY, header.type().dataType().dltName());
      case TEXT, DOUBLE, BOOL, TIMESTAMP, BIGINT, BINARY, DECIMAL, DATE, TIME -> {}
    }
    if (header.variant()) {
      metadata.put(VARIANT_KEY, "true");
    }
    FieldType type =
        new FieldType(
            header.nullable(),
            arrowType(header.type()),
            null,
            metadata.isEmpty() ? null : metadata);
    return new Field(header.name(), type, null);
  }

  private static ArrowType arrowType(ColumnType type) {
    return switch (type.dataType()) {
      case TEXT, JSON -> ArrowType.Utf8.INSTANCE;
      case BIGINT -> new ArrowType.Int(64, true);
      case DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
      case BOOL -> ArrowType.Bool.INSTANCE;
      case TIMESTAMP -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
      case DATE -> new ArrowType.Date(DateUnit.DAY);
      case TIME -> new ArrowType.Time(TimeUnit.MICROSECOND, Long.SIZE);
      case BINARY -> ArrowType.Binary.INSTANCE;
      case DECIMAL, WEI ->
          new ArrowType.Decimal(
              type.precision(),
              type.scale(),
              type.precision() <= DecimalVector.MAX_PRECISION ? 128 : 256);
    };
  }

  /// Makes the value at `row` null again.
  public final void clear(int row) {
    vector.setNull(row);
  }

  /// Whether there is a value at `row`.
  public final boolean isSet(int row) {
    return row < vector.getValueCapacity() && !vector.isNull(row);
  }

  /// Forgets the values from row `from` up to, not including, row `to`, which was the last.
  public final void truncate(int from, int to) {
    for (int row = from; row < to; row++) {
      vector.setNull(row);
    }
    if (vector instanceof BaseVariableWidthVector texts && texts.getLastSet() >= from) {
      texts.setLastSet(from - 1);
    }
  }

  /// Frees the column without a vector.
  public final void close() {
    vector.close();
  }

  /// Ends the column at `rows` rows; the vector belongs to the caller from now on.
  public final FieldVector finish(int rows) {
    vector.setValueCount(rows);
    return vector;
  }

  /// UTF-8 text, JSON text included.
  public static final class Text extends Column {
    private final VarCharVector vector;

    private Text(VarCharVector vector) {
      super(vector);
      this.vector = vector;
    }

    public void set(int row, byte[] utf8, int offset, int length) {
      vector.setSafe(row, utf8, offset, length);
    }

    /// The text at `row`, `null` if there is none.
    public byte @Nullable [] get(int row) {
      boolean present = row <= vector.getLastSet() && vector.isSet(row) != 0;
      return present ? vector.get(row) : null;
    }
  }

  /// Signed 64-bit integers.
  public static final class Long64 extends Column {
    private final BigIntVector vector;

    private Long64(BigIntVector vector) {
      super(vector);
      this.vector = vector;
    }

    public void set(int row, long value) {
      vector.setSafe(row, value);
    }
  }

  /// Doubles.
  public static final class Double64 extends Column {
    private final Float8Vector vector;

    private Double64(Float8Vector vector) {
      super(vector);
      this.vector = vector;
    }

    public void set(int row, double value) {
      vector.setSafe(row, value);
    }
  }

  /// Booleans.
  public static final class Bool extends Column {
    private final BitVector vector;

    private Bool(BitVector vector) {
      super(vector);
      this.vector = vector;
    }

    public void set(int row, boolean value) {
      vector.setSafe(row, value ? 1 : 0);
    }
  }

  /// Instants, in microseconds since 1970-01-01T00:00Z.
  public static final class Timestamp extends Column {
    private final TimeStampMicroTZVector vector;

    private Timestamp(TimeStampMicroTZVector vector) {
      super(vector);
      this.vector = vector;
    }

    public void set(int row, long micros) {
      vector.setSafe(row, micros);
    }
  }

  /// Calendar days, counted from 1970-01-01.
  public static final class Date extends Column {
    private final DateDayVector vector;

    private Date(DateDayVector vector) {
      super(vector);
      this.vector = vector;
    }

    public void set(int row, int day) {
      vector.setSafe(row, day);
    }
  }

  /// Times of day, in microseconds since midnight.
  public static final class Time extends Column {
    private final TimeMicroVector vector;

    private Time(TimeMicroVector vector) {
      super(vector);
      this.vector = vector;
    }

    public void set(int row, long micros) {
      vector.setSafe(row, micros);
    }
  }

  /// Bytes.
  public static final class Binary extends Column {
    private final VarBinaryVector vector;

    private Binary(VarBinaryVector vector) {
      super(vector);
      this.vector = vector;
    }

    public void set(int row, byte[] bytes) {
      vector.setSafe(row, bytes);
    }
  }

  /// Decimals of up to 38 digits.
  public static final class Decimal extends Column {
    private final DecimalVector vector;

    private Decimal(DecimalVector vector) {
      super(vector);
      this.vector = vector;
    }

    /// @param value of the column's scale, and of no more digits than its precision
    public void set(int row, BigDecimal value) {
      vector.setSafe(row, value);
    }
  }

  /// Decimals of 39 to 76 digits.
  public static final class Decimal256 extends Column {
    private final Decimal256Vector vector;

    private Decimal256(Decimal256Vector vector) {
      super(vector);
      this.vector = vector;
    }

    /// @param value of the column's scale, and of no more digits than its precision
    public void set(int row, BigDecimal value) {
      vector.setSafe(row, value);
    }
  }
}
