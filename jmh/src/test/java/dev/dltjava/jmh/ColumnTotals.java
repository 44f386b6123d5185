package dev.dltjava.jmh;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.dltjava.jmh.abi.ArrowArray;
import dev.dltjava.jmh.abi.ArrowSchema;
import dev.dltjava.jmh.abi.dltj_batch;
import dev.dltjava.normalize.TableBatch;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;

/// Counts and sums a column, taken in three ways that share no code: from JSON text, from Arrow
/// vectors, and from exported Arrow structs.
final class ColumnTotals {
  /// What the library appends to the name of a column of values that did not fit another column.
  private static final String VARIANT = "__v_double";

  private static final Pattern TIMESTAMP = Pattern.compile("....-..-..T..:..:..Z");

  /// @param values that are not null
  /// @param whole sum of the numbers that are whole
  /// @param fractions sum of the bits of the other numbers, which is exact in any order
  /// @param textBytes of all texts, in UTF-8
  record Total(long values, long whole, long fractions, long textBytes) {
    static final Total NONE = new Total(0, 0, 0, 0);

    static Total number(double value) {
      return value == Math.rint(value)
          ? new Total(1, (long) value, 0, 0)
          : new Total(1, 0, Double.doubleToRawLongBits(value), 0);
    }

    static Total text(long bytes) {
      return new Total(1, 0, 0, bytes);
    }

    Total plus(Total other) {
      return new Total(
          values + other.values,
          whole + other.whole,
          fractions + other.fractions,
          textBytes + other.textBytes);
    }
  }

  private final Map<String, Total> columns = new TreeMap<>();
  private long rows;
  private long records;

  /// Rows of all tables.
  long rows() {
    return rows;
  }

  /// Records of the documents that were added as text: rows of the root table.
  long records() {
    return records;
  }

  /// Totals by column name.
  Map<String, Total> columns() {
    return columns;
  }

  /// Takes a column out, one that must be there.
  Total take(String column) {
    Total total = columns.remove(column);
    if (total == null) {
      throw new AssertionError("no column " + column + " in " + columns.keySet());
    }
    return total;
  }

  private void add(String column, Total value) {
    String name =
        column.endsWith(VARIANT) ? column.substring(0, column.length() - VARIANT.length()) : column;
    columns.merge(name, value, Total::plus);
  }

  /// The totals that the columns of the documents' records must have.
  static ColumnTotals of(Documents documents) {
    ColumnTotals totals = new ColumnTotals();
    for (byte[] body : documents.bodies()) {
      try (JsonParser parser = new JsonFactory().createParser(body)) {
        while (parser.nextToken() != JsonToken.START_ARRAY) {
          // The records are the document's first array.
          continue;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          totals.records++;
          totals.addElement(parser);
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    return totals;
  }

  /// Each element of a list is a row of a table.
  private void addList(JsonParser parser) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      addElement(parser);
    }
  }

  private void addElement(JsonParser parser) throws IOException {
    rows++;
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      addObject("", parser);
    } else {
      addValue("value", parser);
    }
  }

  private void addObject(String prefix, JsonParser parser) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      // The only character of these documents' keys that dlt's naming changes.
      String column = prefix + parser.currentName().replace('@', 'a');
      parser.nextToken();
      addValue(column, parser);
    }
  }

  private void addValue(String column, JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> addObject(column + "__", parser);
      case START_ARRAY -> addList(parser);
      case VALUE_STRING -> add(column, text(parser));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          add(column, Total.number(parser.getDoubleValue()));
      case VALUE_TRUE -> add(column, Total.number(1));
      case VALUE_FALSE -> add(column, Total.number(0));
      case VALUE_NULL, END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new AssertionError("not expected here: " + parser.currentToken());
    }
  }

  private static Total text(JsonParser parser) throws IOException {
    String text = parser.getText();
    return TIMESTAMP.matcher(text).matches()
        ? Total.number(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(text)))
        : Total.text(text.getBytes(StandardCharsets.UTF_8).length);
  }

  /// Adds the rows of a batch that was not exported.
  void add(TableBatch batch) {
    rows += batch.rows();
    for (FieldVector vector : batch.columns()) {
      for (int row = 0; row < batch.rows(); row++) {
        if (!vector.isNull(row)) {
          add(vector.getName(), value(vector, row));
        }
      }
    }
  }

  private static Total value(FieldVector vector, int row) {
    return switch (vector) {
      case BigIntVector integers -> Total.number(integers.get(row));
      case Float8Vector doubles -> Total.number(doubles.get(row));
      case BitVector bits -> Total.number(bits.get(row));
      case TimeStampMicroTZVector timestamps -> Total.number(timestamps.get(row));
      case VarCharVector texts -> Total.text(texts.get(row).length);
      default -> throw new AssertionError("not expected here: " + vector.getField());
    };
  }

  /// Adds the rows of an exported `dltj_batch`.
  void addExported(MemorySegment batch) {
    MemorySegment schema = dltj_batch.schema(batch);
    MemorySegment array = dltj_batch.array(batch);
    rows += ArrowArray.length(array);
    for (long i = 0; i < ArrowArray.n_children(array); i++) {
      addColumn(
          pointer(ArrowSchema.children(schema), i).reinterpret(ArrowSchema.sizeof()),
          pointer(ArrowArray.children(array), i).reinterpret(ArrowArray.sizeof()));
    }
  }

  private void addColumn(MemorySegment schema, MemorySegment array) {
    String name = text(ArrowSchema.name(schema));
    String format = text(ArrowSchema.format(schema));
    MemorySegment validity = pointer(ArrowArray.buffers(array), 0);
    MemorySegment values = pointer(ArrowArray.buffers(array), 1);
    // Every column has a total, also one without a value.
    add(name, Total.NONE);
    for (long row = 0; row < ArrowArray.length(array); row++) {
      if (validity.address() == 0 || bit(validity, row) == 1) {
        add(
            name,
            switch (format) {
              case "l" -> Total.number(values.getAtIndex(ValueLayout.JAVA_LONG, row));
              case "g" -> Total.number(values.getAtIndex(ValueLayout.JAVA_DOUBLE, row));
              case "b" -> Total.number(bit(values, row));
              case "u" ->
                  Total.text(
                      values.getAtIndex(ValueLayout.JAVA_INT, row + 1)
                          - values.getAtIndex(ValueLayout.JAVA_INT, row));
              default -> throw new AssertionError(name + " has the format " + format);
            });
      }
    }
  }

  private static MemorySegment pointer(MemorySegment pointers, long index) {
    return pointers
        .reinterpret(Long.MAX_VALUE)
        .getAtIndex(ValueLayout.ADDRESS, index)
        .reinterpret(Long.MAX_VALUE);
  }

  private static int bit(MemorySegment bits, long index) {
    return bits.get(ValueLayout.JAVA_BYTE, index / 8) >> index % 8 & 1;
  }

  private static String text(MemorySegment utf8) {
    return utf8.reinterpret(Long.MAX_VALUE).getString(0);
  }
}
