package dev.dltjava.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.arrow.abi.ArrowArray;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
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
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Compares what Arrow's own importer reads with what was put into the vectors.
class BatchExporterTest {
  @RegisterExtension final Exports exports = new Exports();

  /// Every type that can be exported, with a vector that holds one value a row; null in each third.
  enum Column {
    INTEGER {
      @Override
      FieldVector create(BufferAllocator allocator, int rows) {
        BigIntVector vector = new BigIntVector("integer", allocator);
        present(rows).forEach(row -> vector.setSafe(row, Long.MIN_VALUE + row));
        return vector;
      }
    },
    DOUBLE {
      @Override
      FieldVector create(BufferAllocator allocator, int rows) {
        Float8Vector vector = new Float8Vector("double", allocator);
        present(rows).forEach(row -> vector.setSafe(row, row * 0.1));
        return vector;
      }
    },
    BOOLEAN {
      @Override
      FieldVector create(BufferAllocator allocator, int rows) {
        BitVector vector = new BitVector("boolean", allocator);
        present(rows).forEach(row -> vector.setSafe(row, row % 2));
        return vector;
      }
    },
    TEXT {
      @Override
      FieldVector create(BufferAllocator allocator, int rows) {
        VarCharVector vector = new VarCharVector("text", allocator);
        present(rows)
            .forEach(
                row -> vector.setSafe(row, ("žluť 🐎 " + row).getBytes(StandardCharsets.UTF_8)));
        return vector;
      }
    },
    BINARY {
      @Override
      FieldVector create(BufferAllocator allocator, int rows) {
        VarBinaryVector vector = new VarBinaryVector("binary", allocator);
        present(rows).forEach(row -> vector.setSafe(row, new byte[row % 5]));
        return vector;
      }
    },
    TIMESTAMP_UTC {
      @Override
      FieldVector create(BufferAllocator allocator, int rows) {
        TimeStampMicroTZVector vector = new TimeStampMicroTZVector("utc", allocator, "UTC");
        present(rows).forEach(row -> vector.setSafe(row, -1_000_000L * row));
        return vector;
      }
    },
    TIMESTAMP {
      @Override
      FieldVector create(BufferAllocator allocator, int rows) {
        TimeStampMicroVector vector = new TimeStampMicroVector("local", allocator);
        present(rows).forEach(row -> vector.setSafe(row, 1_000_003L * row));
        return vector;
      }
    },
    DATE {
      @Override
      FieldVector create(BufferAllocator allocator, int rows) {
        DateDayVector vector = new DateDayVector("date", allocator);
        present(rows).forEach(row -> vector.setSafe(row, row - 500));
        return vector;
      }
    },
    TIME {
      @Override
      FieldVector create(BufferAllocator allocator, int rows) {
        TimeMicroVector vector = new TimeMicroVector("time", allocator);
        present(rows).forEach(row -> vector.setSafe(row, 86_399_999_999L - row));
        return vector;
      }
    },
    DECIMAL {
      @Override
      FieldVector create(BufferAllocator allocator, int rows) {
        DecimalVector vector = new DecimalVector("decimal", allocator, 38, 9);
        present(rows).forEach(row -> vector.setSafe(row, BigDecimal.valueOf(row - 3, 9)));
        return vector;
      }
    },
    WIDE_DECIMAL {
      @Override
      FieldVector create(BufferAllocator allocator, int rows) {
        Decimal256Vector vector = new Decimal256Vector("wide_decimal", allocator, 76, 10);
        BigDecimal wide = new BigDecimal("9".repeat(60) + ".0123456789");
        present(rows).forEach(row -> vector.setSafe(row, wide.subtract(BigDecimal.valueOf(row))));
        return vector;
      }
    };

    abstract FieldVector create(BufferAllocator allocator, int rows);

    FieldVector fill(BufferAllocator allocator, int rows) {
      FieldVector vector = create(allocator, rows);
      vector.setValueCount(rows);
      return vector;
    }

    private static Stream<Integer> present(int rows) {
      return Stream.iterate(0, row -> row + 1).limit(rows).filter(row -> row % 3 != 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void roundTripsEveryType(Column column) {
    FieldVector vector = column.fill(exports.memory.allocator(), 1000);
    Field field = vector.getField();
    List<Object> values = values(vector);

    exports.export(1000, vector);

    try (VectorSchemaRoot root = exports.importRoot()) {
      assertThat(root.getRowCount()).isEqualTo(1000);
      assertThat(root.getSchema().getFields()).containsExactly(field);
      assertThat(root.getVector(0).getNullCount()).isEqualTo(333);
      assertThat(values(root.getVector(0))).isEqualTo(values);
    }
  }

  @Test
  void roundTripsAllTypesInOneBatch() {
    FieldVector[] columns =
        Stream.of(Column.values())
            .map(column -> column.fill(exports.memory.allocator(), 7))
            .toArray(FieldVector[]::new);
    List<List<Object>> values = Stream.of(columns).map(BatchExporterTest::values).toList();

    exports.export(7, columns);

    try (VectorSchemaRoot root = exports.importRoot()) {
      assertThat(root.getFieldVectors().stream().map(BatchExporterTest::values))
          .containsExactlyElementsOf(values);
    }
  }

  @Test
  void roundTripsColumnsWithoutRows() {
    FieldVector[] columns =
        Stream.of(Column.values())
            .map(column -> column.fill(exports.memory.allocator(), 0))
            .toArray(FieldVector[]::new);

    exports.export(0, columns);

    for (long child = 0; child < columns.length; child++) {
      assertBuffersPresentAfterValidity(child);
    }
    try (VectorSchemaRoot root = exports.importRoot()) {
      assertThat(root.getRowCount()).isZero();
      assertThat(root.getFieldVectors()).hasSize(columns.length);
    }
  }

  @Test
  void roundTripsRowsWithoutColumns() {
    exports.export(3);

    assertThat(ArrowArray.length(exports.array)).isEqualTo(3);
    try (VectorSchemaRoot root = exports.importRoot()) {
      assertThat(root.getFieldVectors()).isEmpty();
      assertThat(root.getRowCount()).isEqualTo(3);
    }
  }

  @Test
  void roundTripsTextColumnWithOnlyNulls() {
    VarCharVector vector = new VarCharVector("text", exports.memory.allocator());
    vector.setValueCount(100);

    exports.export(100, vector);

    try (VectorSchemaRoot root = exports.importRoot()) {
      assertThat(root.getVector(0).getNullCount()).isEqualTo(100);
    }
  }

  @Test
  void leavesOutValidityWithoutNulls() {
    BigIntVector vector = new BigIntVector("id", exports.memory.allocator());
    vector.setSafe(0, 42);
    vector.setValueCount(1);

    exports.export(1, vector);

    assertThat(ArrowArray.null_count(child(0))).isZero();
    assertThat(MemoryUtil.getLong(ArrowArray.buffers(child(0)).address())).isZero();
    try (VectorSchemaRoot root = exports.importRoot()) {
      assertThat(root.getVector(0).getObject(0)).isEqualTo(42L);
    }
  }

  @Test
  void keepsNamesMetadataAndNullability() {
    FieldVector[] columns =
        Stream.of(
                new Field("", FieldType.nullable(new ArrowType.Int(64, true)), null),
                new Field(
                    "název_列_🐎",
                    new FieldType(
                        false,
                        new ArrowType.Int(64, true),
                        null,
                        Map.of("klíč", "hodnota", "", "leer", "empty", "")),
                    null))
            .map(
                field -> {
                  BigIntVector vector = new BigIntVector(field, exports.memory.allocator());
                  vector.setSafe(0, 1);
                  vector.setValueCount(1);
                  return (FieldVector) vector;
                })
            .toArray(FieldVector[]::new);
    List<Field> fields = Stream.of(columns).map(FieldVector::getField).toList();

    exports.export(1, columns);

    try (VectorSchemaRoot root = exports.importRoot()) {
      assertThat(root.getSchema().getFields()).isEqualTo(fields);
      assertThat(root.getSchema().getFields().get(1).getMetadata())
          .isEqualTo(fields.get(1).getMetadata());
    }
  }

  private void assertBuffersPresentAfterValidity(long child) {
    MemorySegment struct = child(child);
    for (long i = 1; i < ArrowArray.n_buffers(struct); i++) {
      long pointer = MemoryUtil.getLong(ArrowArray.buffers(struct).address() + i * Long.BYTES);
      assertThat(pointer).isNotZero();
      assertThat(MemoryUtil.getLong(pointer)).isZero();
    }
  }

  private MemorySegment child(long index) {
    long pointer = ArrowArray.children(exports.array).address() + index * Long.BYTES;
    return MemorySegment.ofAddress(MemoryUtil.getLong(pointer))
        .reinterpret(ArrowArray.layout().byteSize());
  }

  private static List<Object> values(FieldVector vector) {
    List<Object> values = new ArrayList<>();
    for (int row = 0; row < vector.getValueCount(); row++) {
      Object value = vector.getObject(row);
      values.add(value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value);
    }
    return values;
  }
}
