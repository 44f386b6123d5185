package dev.dltjava.column;

import dev.dltjava.schema.ColumnType;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
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

  /// What a text of an unknown column is taken to have.
  private static final int EXPECTED_BYTES = 8;

  private static final int BITS_OF_BYTE_MASK = Byte.SIZE - 1;

  private final FieldVector vector;

  /// Where the vector's buffers are: values are stored there without Arrow's checks, which cost
  /// more than the stores. To be looked up again whenever the vector may have moved them.
  long values;

  private long validity;

  /// Rows that there is room for.
  private int capacity;

  private Column(FieldVector vector) {
    this.vector = vector;
  }

  /// Looks up where the buffers are.
  void locate() {
    validity = vector.getValidityBuffer().memoryAddress();
    values = vector.getDataBuffer().memoryAddress();
    capacity = vector.getValueCapacity();
  }

  /// Makes room for more rows.
  void grow() {
    vector.reAlloc();
  }

  /// Makes room for a row, and marks it as not null.
  final void mark(int row) {
    while (row >= capacity) {
      grow();
      locate();
    }
    setBit(validity, row, true);
  }

  static void setBit(long bits, int index, boolean value) {
    long address = bits + (index >> 3);
    int bit = 1 << (index & BITS_OF_BYTE_MASK);
    int others = MemoryUtil.getByte(address) & ~bit;
    MemoryUtil.putByte(address, (byte) (value ? others | bit : others));
  }

  /// A new, empty column whose memory comes from `allocator`; it grows as needed.
  ///
  /// @param expectedRows room for so many rows is made with the first value
  /// @param expectedBytes room for values of any length, 0 if nothing is known of them
  public static Column allocate(
      ColumnHeader header, BufferAllocator allocator, int expectedRows, long expectedBytes) {
    long bytes = expectedBytes > 0 ? expectedBytes : (long) expectedRows * EXPECTED_BYTES;
    Column column = empty(header, allocator, bytes);
    column.vector.setInitialCapacity(expectedRows);
    return column;
  }

  private static Column empty(ColumnHeader header, BufferAllocator allocator, long bytes) {
    Field field = field(header);
    return switch (header.type().dataType()) {
      case TEXT, JSON -> new Text(new VarCharVector(field, allocator), bytes);
      case BIGINT -> new Long64(new BigIntVector(field, allocator));
      case DOUBLE -> new Double64(new Float8Vector(field, allocator));
      case BOOL -> new Bool(new BitVector(field, allocator));
      case TIMESTAMP -> new Timestamp(new TimeStampMicroTZVector(field, allocator));
      case DATE -> new Date(new DateDayVector(field, allocator));
      case TIME -> new Time(new TimeMicroVector(field, allocator));
      case BINARY -> new Binary(new VarBinaryVector(field, allocator), bytes);
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
    if (row < capacity) {
      setBit(validity, row, false);
    }
  }

  /// Whether there is a value at `row`.
  public final boolean isSet(int row) {
    return row < capacity
        && (MemoryUtil.getByte(validity + (row >> 3)) >> (row & BITS_OF_BYTE_MASK) & 1) != 0;
  }

  /// Forgets the values from row `from` up to, not including, row `to`, which was the last.
  public void truncate(int from, int to) {
    for (int row = from; row < Math.min(to, capacity); row++) {
      clear(row);
    }
  }

  /// Bytes of all values of any length so far, 0 for other columns.
  public long valueBytes() {
    return 0;
  }

  /// Frees the column without a vector.
  public final void close() {
    vector.close();
    // A value that came later by mistake would be a leak, which tests count, not a stray store.
    capacity = 0;
  }

  /// Ends the column at `rows` rows; the vector belongs to the caller from now on.
  public FieldVector finish(int rows) {
    vector.setValueCount(rows);
    return vector;
  }

  /// Values of any length, one behind the other.
  private abstract static sealed class Sized extends Column {
    /// Up to here values are copied by words, which is quicker than the call for a longer copy.
    private static final int SHORT_BYTES = 64;

    /// Most values are no longer, and so many bytes are copied whatever their length, which a
    /// processor could not foresee.
    private static final int USUAL_BYTES = 32;

    private final BaseVariableWidthVector vector;
    private final long expectedBytes;

    /// Where each row's value begins, and where the last one ends.
    private long offsets;

    private long bytesCapacity;

    /// The last row with a value, and the end of it.
    private int lastSet = -1;

    private int end;

    private Sized(BaseVariableWidthVector vector, long expectedBytes) {
      super(vector);
      this.vector = vector;
      this.expectedBytes = expectedBytes;
    }

    @Override
    void locate() {
      super.locate();
      offsets = vector.getOffsetBuffer().memoryAddress();
      bytesCapacity = vector.getDataBuffer().capacity();
    }

    @Override
    void grow() {
      vector.reallocValidityAndOffsetBuffers();
    }

    /// Sets the value of the last row so far, or of one behind it.
    public final void set(int row, byte[] source, int from, int length) {
      mark(row);
      if (row != lastSet + 1) {
        moveTo(row);
      }
      // More than the value, for the copy.
      if (bytesCapacity - end < length + (long) USUAL_BYTES) {
        growBytes(length);
      }
      long target = values + end;
      int room = source.length - from;
      if (length <= USUAL_BYTES && room >= USUAL_BYTES) {
        copyWord(source, from, target, 0);
        copyWord(source, from, target, Long.BYTES);
        copyWord(source, from, target, 2 * Long.BYTES);
        copyWord(source, from, target, 3 * Long.BYTES);
      } else if (length <= SHORT_BYTES && room >= length + Long.BYTES) {
        for (int i = 0; i < length; i += Long.BYTES) {
          copyWord(source, from, target, i);
        }
      } else {
        MemoryUtil.copyToMemory(source, from, target, length);
      }
      end += length;
      MemoryUtil.putInt(offsets + (row + 1L) * Integer.BYTES, end);
      lastSet = row;
    }

    private static void copyWord(byte[] source, int from, long target, int index) {
      MemoryUtil.putLong(target + index, MemoryUtil.getLong(source, from + index));
    }

    private void moveTo(int row) {
      if (row <= lastSet) {
        end = MemoryUtil.getInt(offsets + (long) row * Integer.BYTES);
      }
      // Rows without a value are empty.
      for (int skipped = lastSet + 1; skipped < row; skipped++) {
        MemoryUtil.putInt(offsets + (skipped + 1L) * Integer.BYTES, end);
      }
    }

    private void growBytes(int length) {
      long needed = end + (long) length + USUAL_BYTES;
      vector.reallocDataBuffer(Math.max(Math.max(needed, expectedBytes), bytesCapacity + 1));
      locate();
    }

    @Override
    public final void truncate(int from, int to) {
      super.truncate(from, to);
      if (lastSet >= from) {
        lastSet = from - 1;
        end = MemoryUtil.getInt(offsets + (long) from * Integer.BYTES);
      }
    }

    @Override
    public final long valueBytes() {
      return end;
    }

    /// The value at `row`, `null` if there is none.
    public final byte @Nullable [] get(int row) {
      if (row > lastSet || !isSet(row)) {
        return null;
      }
      int start = MemoryUtil.getInt(offsets + (long) row * Integer.BYTES);
      byte[] copy = new byte[MemoryUtil.getInt(offsets + (row + 1L) * Integer.BYTES) - start];
      MemoryUtil.copyFromMemory(values + start, copy, 0, copy.length);
      return copy;
    }

    @Override
    public final FieldVector finish(int rows) {
      vector.setLastSet(lastSet);
      return super.finish(rows);
    }
  }

  /// UTF-8 text, JSON text included.
  public static final class Text extends Sized {
    private Text(VarCharVector vector, long expectedBytes) {
      super(vector, expectedBytes);
    }
  }

  /// Signed 64-bit integers.
  public static final class Long64 extends Column {
    private Long64(BigIntVector vector) {
      super(vector);
    }

    public void set(int row, long value) {
      mark(row);
      MemoryUtil.putLong(values + (long) row * Long.BYTES, value);
    }
  }

  /// Doubles.
  public static final class Double64 extends Column {
    private Double64(Float8Vector vector) {
      super(vector);
    }

    public void set(int row, double value) {
      mark(row);
      MemoryUtil.putLong(values + (long) row * Double.BYTES, Double.doubleToRawLongBits(value));
    }
  }

  /// Booleans.
  public static final class Bool extends Column {
    private Bool(BitVector vector) {
      super(vector);
    }

    public void set(int row, boolean value) {
      mark(row);
      setBit(values, row, value);
    }
  }

  /// Instants, in microseconds since 1970-01-01T00:00Z.
  public static final class Timestamp extends Column {
    private Timestamp(TimeStampMicroTZVector vector) {
      super(vector);
    }

    public void set(int row, long micros) {
      mark(row);
      MemoryUtil.putLong(values + (long) row * Long.BYTES, micros);
    }
  }

  /// Calendar days, counted from 1970-01-01.
  public static final class Date extends Column {
    private Date(DateDayVector vector) {
      super(vector);
    }

    public void set(int row, int day) {
      mark(row);
      MemoryUtil.putInt(values + (long) row * Integer.BYTES, day);
    }
  }

  /// Times of day, in microseconds since midnight.
  public static final class Time extends Column {
    private Time(TimeMicroVector vector) {
      super(vector);
    }

    public void set(int row, long micros) {
      mark(row);
      MemoryUtil.putLong(values + (long) row * Long.BYTES, micros);
    }
  }

  /// Bytes.
  public static final class Binary extends Sized {
    private Binary(VarBinaryVector vector, long expectedBytes) {
      super(vector, expectedBytes);
    }

    public void set(int row, byte[] bytes) {
      set(row, bytes, 0, bytes.length);
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
      mark(row);
      vector.set(row, value);
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
      mark(row);
      vector.set(row, value);
    }
  }
}
