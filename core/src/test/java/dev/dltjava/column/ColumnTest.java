package dev.dltjava.column;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.schema.ColumnType;
import dev.dltjava.schema.DataType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.util.Text;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What was set is what Arrow's own vectors read back.
final class ColumnTest {
  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void freesEverything() {
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  private Column column(DataType type, int expectedRows) {
    return Column.allocate(
        new ColumnHeader("c", ColumnType.of(type), true, false), allocator, expectedRows, 0);
  }

  private static List<@Nullable Object> values(Column column, int rows) {
    List<@Nullable Object> values = new ArrayList<>();
    try (FieldVector vector = column.finish(rows)) {
      assertThat(vector.getValueCount()).isEqualTo(rows);
      for (int row = 0; row < rows; row++) {
        Object value = vector.getObject(row);
        values.add(value instanceof Text text ? text.toString() : value);
      }
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64, 5_000})
  void keepsTextsOfAnyLengthAndTheRowsWithoutOne(int expectedRows) {
    SplittableRandom random = new SplittableRandom(expectedRows);
    Column.Text column = (Column.Text) column(DataType.TEXT, expectedRows);
    List<@Nullable Object> expected = new ArrayList<>();
    for (int row = 0; row < 3_000; row++) {
      if (random.nextInt(4) == 0) {
        expected.add(null);
        continue;
      }
      String text = "abcdefghij".repeat(20).substring(0, random.nextInt(random.nextInt(1, 200)));
      // With and without bytes behind the text, which decide on the way of the copy.
      byte[] source =
          ("<<" + text + ">".repeat(random.nextInt(12))).getBytes(StandardCharsets.UTF_8);
      column.set(row, source, 2, text.length());
      expected.add(text);
    }
    assertThat(values(column, 3_000)).isEqualTo(expected);
  }

  @Test
  void keepsFixedWidthValues() {
    SplittableRandom random = new SplittableRandom(1);
    Column.Long64 integers = (Column.Long64) column(DataType.BIGINT, 10);
    Column.Double64 doubles = (Column.Double64) column(DataType.DOUBLE, 10);
    Column.Bool booleans = (Column.Bool) column(DataType.BOOL, 10);
    List<@Nullable Object> longs = new ArrayList<>();
    List<@Nullable Object> reals = new ArrayList<>();
    List<@Nullable Object> flags = new ArrayList<>();
    for (int row = 0; row < 2_000; row++) {
      boolean present = random.nextInt(3) > 0;
      longs.add(present ? random.nextLong() : null);
      reals.add(present ? random.nextDouble() : null);
      flags.add(present ? random.nextBoolean() : null);
      if (present) {
        integers.set(row, (Long) longs.get(row));
        doubles.set(row, (Double) reals.get(row));
        booleans.set(row, (Boolean) flags.get(row));
      }
      assertThat(integers.isSet(row)).isEqualTo(present);
    }
    assertThat(values(integers, 2_000)).isEqualTo(longs);
    assertThat(values(doubles, 2_000)).isEqualTo(reals);
    assertThat(values(booleans, 2_000)).isEqualTo(flags);
  }

  private static void set(Column.Text column, int row, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    column.set(row, utf8, 0, utf8.length);
  }

  @Test
  void takesTextsBack() {
    Column.Text column = (Column.Text) column(DataType.TEXT, 4);
    set(column, 0, "zero");
    set(column, 1, "one");
    column.clear(1);
    assertThat(column.isSet(1)).isFalse();
    assertThat(column.get(1)).isNull();
    set(column, 1, "another one, which is longer");
    set(column, 3, "three");
    column.clear(3);
    set(column, 5, "five");
    assertThat(column.get(5)).isEqualTo("five".getBytes(StandardCharsets.UTF_8));
    assertThat(column.get(900)).isNull();
    set(column, 6, "six");
    column.truncate(5, 9);
    set(column, 7, "seven");
    assertThat(values(column, 9))
        .isEqualTo(
            Arrays.asList(
                "zero",
                "another one, which is longer",
                null,
                null,
                null,
                null,
                null,
                "seven",
                null));
  }

  @Test
  void takesNumbersBack() {
    Column.Long64 column = (Column.Long64) column(DataType.BIGINT, 4);
    column.set(0, 1);
    column.clear(0);
    column.clear(70_000);
    column.set(3, 4);
    column.set(4, 5);
    column.truncate(4, 100_000);
    assertThat(values(column, 6)).isEqualTo(Arrays.asList(null, null, null, 4L, null, null));
  }

  @Test
  void mayStayEmpty() {
    assertThat(values(column(DataType.TEXT, 4), 3)).isEqualTo(Arrays.asList(null, null, null));
    assertThat(values(column(DataType.BOOL, 4), 0)).isEmpty();
    Column unused = column(DataType.BIGINT, 4);
    assertThat(unused.isSet(0)).isFalse();
    unused.close();
  }
}
