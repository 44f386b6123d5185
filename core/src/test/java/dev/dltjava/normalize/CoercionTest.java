package dev.dltjava.normalize;

import static dev.dltjava.normalize.Tables.PLAIN;
import static dev.dltjava.normalize.Tables.normalize;
import static dev.dltjava.normalize.Tables.withKnown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.normalize.Tables.Table;
import dev.dltjava.schema.ColumnType;
import dev.dltjava.schema.DataType;
import dev.dltjava.schema.KnownTable;
import java.math.BigDecimal;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The expected values are those of dlt's own coercions.
final class CoercionTest {
  /// A table of the values in turn, in a column `a` of that type.
  private static Table table(ColumnType type, String... values) {
    String document =
        Arrays.stream(values)
            .map(value -> "{\"a\":" + value.replace('\'', '"') + "}")
            .collect(Collectors.joining(",", "[", "]"));
    Map<String, KnownTable> known = Map.of("t", new KnownTable(Map.of("a", type)));
    return normalize(withKnown(PLAIN, known), document).get("t");
  }

  private static List<@Nullable Object> column(DataType type, String... values) {
    Table table = table(ColumnType.of(type), values);
    assertThat(table.names()).containsExactly("a");
    return table.column("a");
  }

  @Test
  void readsDecimalsFromTextAndNumbers() {
    assertThat(
            column(
                DataType.DECIMAL,
                "1",
                "1.5",
                "' 1_0.25 '",
                "'0x10'",
                "'1e3'",
                "1e-7",
                "'٣'",
                "null"))
        .containsExactly(
            new BigDecimal("1.000000000"),
            new BigDecimal("1.500000000"),
            new BigDecimal("10.250000000"),
            new BigDecimal("16.000000000"),
            new BigDecimal("1000.000000000"),
            new BigDecimal("0.000000100"),
            new BigDecimal("3.000000000"),
            null);
  }

  @Test
  void roundsDecimalsToTheirScale() {
    Table table =
        table(new ColumnType(DataType.DECIMAL, 4, 2), "1.005", "'-1.005'", "'1e-999'", "99.99");
    assertThat(table.column("a"))
        .containsExactly(
            new BigDecimal("1.01"),
            new BigDecimal("-1.01"),
            new BigDecimal("0.00"),
            new BigDecimal("99.99"));
  }

  @Test
  void refusesNumbersBeyondThePrecision() {
    ColumnType type = new ColumnType(DataType.DECIMAL, 4, 2);
    for (String value : List.of("100", "99.995", "'1e999999999'")) {
      assertThatThrownBy(() -> table(type, value))
          .isInstanceOfSatisfying(
              DltJavaException.class,
              failure -> {
                assertThat(failure.code()).isEqualTo(ErrorCode.VALUE);
                assertThat(failure.location().column()).isEqualTo("a");
              });
    }
  }

  @Test
  void putsWhatIsNoDecimalIntoVariants() {
    Table table = table(ColumnType.of(DataType.DECIMAL), "'x'", "true", "'NaN'", "'1,5'");
    assertThat(table.column("a")).containsOnlyNulls();
    assertThat(table.column("a__v_text")).containsExactly("x", null, "NaN", "1,5");
    assertThat(table.column("a__v_bool")).containsExactly(null, true, null, null);
  }

  @Test
  void readsWeiAsWholeNumbers() {
    assertThat(column(DataType.WEI, "7", "'99999999999999999999999999999999999999'", "'0xff'"))
        .containsExactly(
            new BigDecimal("7"),
            new BigDecimal("99999999999999999999999999999999999999"),
            new BigDecimal("255"));
  }

  @Test
  void makesWideDecimalsForWideColumns() {
    String digits = "9".repeat(76);
    assertThat(table(new ColumnType(DataType.WEI, 76, 0), "'" + digits + "'").column("a"))
        .containsExactly(new BigDecimal(digits));
  }

  @Test
  void readsTimesAndMovesThemToUtc() {
    assertThat(
            column(
                DataType.TIME,
                "'10:00'",
                "'01:30:00+02:00'",
                "'9:5:1.1234567'",
                "'T1000'",
                "'T10'",
                "'10:00:00,5'",
                "'T10:00Z'"))
        .containsExactly(
            micros("10:00:00"),
            micros("23:30:00"),
            micros("09:05:01.123456"),
            micros("10:00:00"),
            micros("10:00:00"),
            micros("10:00:00.5"),
            micros("10:00:00"));
    Table others =
        table(
            ColumnType.of(DataType.TIME),
            "'24:00'",
            "'10'",
            "'T10:00:00'",
            "'2024-01-01T10:00'",
            "5");
    assertThat(others.column("a")).containsOnlyNulls();
    assertThat(others.column("a__v_text"))
        .containsExactly("24:00", "10", "T10:00:00", "2024-01-01T10:00", null);
    assertThat(others.column("a__v_bigint")).contains(5L);
  }

  private static long micros(String time) {
    return LocalTime.parse(time).toNanoOfDay() / 1_000;
  }

  @Test
  void readsBytesFromHexadecimalBase64AndIntegers() {
    List<@Nullable Object> bytes =
        column(DataType.BINARY, "'0xFF ab'", "'YWI='", "''", "'0x'", "0", "256");
    assertThat(bytes)
        .containsExactly(
            new byte[] {-1, (byte) 0xAB},
            new byte[] {'a', 'b'},
            new byte[0],
            new byte[0],
            new byte[0],
            new byte[] {0, 1});
    Table others =
        table(ColumnType.of(DataType.BINARY), "'YWI'", "'0xf'", "-1", "1.5", "'a b='", "'===='");
    assertThat(others.column("a")).containsOnlyNulls();
    assertThat(others.column("a__v_text"))
        .containsExactly("YWI", "0xf", null, null, "a b=", "====");
    assertThat(others.column("a__v_bigint")).contains(-1L);
  }

  @Test
  void takesTextThatIsJsonIntoJsonColumns() {
    Table table =
        table(
            ColumnType.of(DataType.JSON),
            "{'x':[1, 2.0]}",
            "'[1, {} ]'",
            "' 1 '",
            "'null'",
            "'x'",
            "5",
            "'[1,]'",
            "'\\ud83d\\ude42'",
            "'01'");
    assertThat(table.column("a"))
        .containsExactly("{\"x\":[1,2.0]}", "[1,{}]", "1", null, null, null, null, null, null);
    assertThat(table.column("a__v_text"))
        .containsExactly(null, null, null, null, "x", null, "[1,]", "🙂", "01");
    assertThat(table.column("a__v_bigint")).contains(5L);
  }

  @Test
  void keepsTheLastOfEqualKeysInsideOfJson() {
    assertThat(
            column(DataType.JSON, "{'a':{'x':1,'y':2,'x':[3]},'b':1,'a':2}", "{'a':{'x':1,'x':2}}"))
        .containsExactly("{\"a\":2,\"b\":1}", "{\"a\":{\"x\":2}}");
  }

  @Test
  void readsNumbersInTextAsPythonDoes() {
    assertThat(column(DataType.BIGINT, "'\u00a07 '", "'0x-10'", "'0x0x1_0'", "'-1_000'"))
        .containsExactly(7L, -16L, 16L, -1_000L);
    assertThat(column(DataType.DOUBLE, "'0x10'", "'1E400'", "'-Infinity'", "'5.'"))
        .containsExactly(16.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 5.0);
    assertThat(table(ColumnType.of(DataType.BIGINT), "'1.5'", "'1__0'", "''").column("a__v_text"))
        .containsExactly("1.5", "1__0", "");
  }
}
