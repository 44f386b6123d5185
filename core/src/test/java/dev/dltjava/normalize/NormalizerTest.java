package dev.dltjava.normalize;

import static dev.dltjava.normalize.Tables.PLAIN;
import static dev.dltjava.normalize.Tables.normalize;
import static dev.dltjava.normalize.Tables.withKnown;
import static dev.dltjava.normalize.Tables.withLimits;
import static dev.dltjava.normalize.Tables.withLoadId;
import static dev.dltjava.normalize.Tables.withNaming;
import static dev.dltjava.normalize.Tables.withNesting;
import static dev.dltjava.normalize.Tables.withOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.limits.Limits;
import dev.dltjava.naming.Naming;
import dev.dltjava.normalize.Tables.Table;
import dev.dltjava.normalize.Tables.TableSet;
import dev.dltjava.schema.ColumnType;
import dev.dltjava.schema.DataType;
import dev.dltjava.schema.KnownTable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The expected tables are those that dlt makes of the same documents.
final class NormalizerTest {
  private static Table root(NormalizerOptions options, String... documents) {
    return normalize(options, documents).get("t");
  }

  @Test
  void flattensObjectsAndInfersTypes() {
    Table table =
        root(
            PLAIN,
            "[{\"id\":1,\"name\":\"Ada\",\"score\":1.5,\"ok\":true,\"at\":\"2024-01-01T10:00:00Z\","
                + "\"white\":{\"rating\":2800,\"userName\":\"x\"}}]");
    assertThat(table.names())
        .containsExactly("id", "name", "score", "ok", "at", "white__rating", "white__user_name");
    assertThat(table.column("id")).containsExactly(1L);
    assertThat(table.column("name")).containsExactly("Ada");
    assertThat(table.column("score")).containsExactly(1.5);
    assertThat(table.column("ok")).containsExactly(true);
    assertThat(table.column("at"))
        .containsExactly(Instant.parse("2024-01-01T10:00:00Z").getEpochSecond() * 1_000_000);
    assertThat(table.column("white__rating")).containsExactly(2800L);
  }

  @Test
  void joinsPathsAsTheNamingConventionDoes() {
    TableSet tables =
        normalize(
            withNaming(PLAIN, Naming.BuiltIn.DIRECT),
            "[{\"aB\":{\"c__d\":1},\"L\":[1]},{\"aB\":{\"c__d\":\"x\"}}]");
    assertThat(tables.names()).containsExactly("t", "t▶L");
    assertThat(tables.get("t").names()).containsExactly("aB▶c__d", "aB▶c__d▶v_text");
  }

  @Test
  void makesNoColumnOfNullsUntilAValueComes() {
    Table table = root(PLAIN, "[{\"a\":null,\"b\":1},{\"a\":2,\"b\":null},{}]");
    assertThat(table.names()).containsExactly("b", "a");
    assertThat(table.column("a")).containsExactly(null, 2L, null);
    assertThat(table.column("b")).containsExactly(1L, null, null);
  }

  @Test
  void ordersNewColumnsAsTheDocumentDoes() {
    String document = "{\"a\":{\"x\":1,\"in\":{\"z\":1},\"y\":2},\"b\":{\"y\":2},\"c\":3}";
    assertThat(root(PLAIN, document).names())
        .containsExactly("a__x", "a__in__z", "a__y", "b__y", "c");
  }

  @Test
  void ordersNewColumnsAsAStackWouldOnDemand() {
    String document = "{\"a\":{\"x\":1,\"in\":{\"z\":1},\"y\":2},\"b\":{\"y\":2},\"c\":3}";
    assertThat(root(withOrder(PLAIN, ColumnOrder.SCALARS_FIRST), document).names())
        .containsExactly("c", "b__y", "a__x", "a__y", "a__in__z");
  }

  @Test
  void putsValuesThatDoNotFitIntoVariantColumns() {
    Table table =
        root(
            PLAIN,
            "[{\"a\":1},{\"a\":1.5},{\"a\":2.0},{\"a\":\"abc\"},{\"a\":\"7\"},{\"a\":true}]");
    assertThat(table.names()).containsExactly("a", "a__v_double", "a__v_text", "a__v_bool");
    assertThat(table.column("a")).containsExactly(1L, null, 2L, null, 7L, null);
    assertThat(table.column("a__v_double")).containsExactly(null, 1.5, null, null, null, null);
    assertThat(table.column("a__v_text")).containsExactly(null, null, null, "abc", null, null);
    assertThat(table.column("a__v_bool")).containsExactly(null, null, null, null, null, true);
  }

  @Test
  void writesNumbersAndBooleansIntoTextColumnsAsPythonDoes() {
    Table table = root(PLAIN, "[{\"a\":\"x\"},{\"a\":1},{\"a\":1e22},{\"a\":true},{\"a\":1.5}]");
    assertThat(table.names()).containsExactly("a");
    assertThat(table.column("a")).containsExactly("x", "1", "1e+22", "True", "1.5");
  }

  @Test
  void keepsToTheTypesOfKnownTables() {
    Map<String, KnownTable> known =
        Map.of(
            "t",
            new KnownTable(
                Map.of(
                    "end_time", ColumnType.of(DataType.TIMESTAMP),
                    "n", ColumnType.of(DataType.TEXT))));
    Table table =
        root(
            withKnown(PLAIN, known),
            "[{\"end_time\":1700000000,\"n\":1},{\"end_time\":1700000000123,\"n\":2},"
                + "{\"end_time\":1700000000.5}]");
    assertThat(table.column("end_time"))
        .containsExactly(1_700_000_000_000_000L, null, 1_700_000_000_500_000L);
    assertThat(table.column("end_time__v_bigint")).containsExactly(null, 1_700_000_000_123L, null);
    assertThat(table.column("n")).containsExactly("1", "2", null);
  }

  @Test
  void makesChildTablesOfLists() {
    TableSet tables =
        normalize(
            withLoadId(PLAIN, "7.5"),
            "[{\"id\":1,\"l\":[{\"v\":1,\"m\":[\"a\",null]},{\"v\":2}],\"e\":[]},"
                + "{\"id\":2,\"l\":[[1,2],3]}]");
    assertThat(tables.names()).containsExactly("t", "t__l", "t__l__m", "t__l__list");
    Table root = tables.get("t");
    Table list = tables.get("t__l");
    Table inner = tables.get("t__l__m");
    assertThat(root.names()).containsExactly("id", "_dlt_load_id", "_dlt_id");
    assertThat(root.column("_dlt_load_id")).containsExactly("7.5", "7.5");
    assertThat(list.parent()).isEqualTo("t");
    assertThat(list.names())
        .containsExactly("v", "_dlt_parent_id", "_dlt_list_idx", "_dlt_id", "value");
    assertThat(list.column("v")).containsExactly(1L, 2L, null, null);
    assertThat(list.column("value")).containsExactly(null, null, null, 3L);
    List<@Nullable Object> ids = root.column("_dlt_id");
    assertThat(list.column("_dlt_parent_id"))
        .containsExactly(ids.get(0), ids.get(0), ids.get(1), ids.get(1));
    assertThat(list.column("_dlt_list_idx")).containsExactly(0L, 1L, 0L, 1L);
    assertThat(inner.column("value")).containsExactly("a", null);
    assertThat(inner.column("_dlt_parent_id")).containsOnly(list.column("_dlt_id").get(0));
    assertThat(tables.get("t__l__list").column("value")).containsExactly(1L, 2L);
  }

  @Test
  void keepsIdsThatTheDataBrings() {
    TableSet tables =
        normalize(withLoadId(PLAIN, "1"), "[{\"l\":[1],\"_dlt_id\":\"mine\"},{\"l\":[2]}]");
    assertThat(tables.get("t").column("_dlt_id").get(0)).isEqualTo("mine");
    assertThat(tables.get("t").column("_dlt_id").get(1)).isNotNull().isNotEqualTo("mine");
    assertThat(tables.get("t__l").column("_dlt_parent_id").get(0)).isEqualTo("mine");
  }

  @Test
  void keepsWhatIsNestedTooDeepAsJson() {
    String document = "{\"a\":{\"b\":{\"c\":[1,1.0,\"ü\\n\"]}},\"l\":[{\"x\":[1],\"y\":{}}]}";
    TableSet one = normalize(withNesting(PLAIN, 1), document);
    assertThat(one.get("t").column("a__b")).containsExactly("{\"c\":[1,1.0,\"ü\\n\"]}");
    assertThat(one.get("t__l").column("x")).containsExactly("[1]");
    assertThat(one.get("t__l").column("y")).containsExactly("{}");
    TableSet none = normalize(withNesting(PLAIN, 0), document);
    assertThat(none.names()).containsExactly("t");
    assertThat(none.get("t").names()).containsExactly("a", "l");
  }

  @Test
  void letsTheLaterOfTwoKeysWithOneNameWin() {
    assertThat(root(PLAIN, "{\"aB\":1,\"a_b\":2}").column("a_b")).containsExactly(2L);
    String nested = "{\"a\":{\"b\":1},\"a__b\":2}";
    assertThat(root(PLAIN, nested).column("a__b")).containsExactly(2L);
    assertThat(root(withOrder(PLAIN, ColumnOrder.SCALARS_FIRST), nested).column("a__b"))
        .containsExactly(1L);
  }

  @Test
  void removesTheVariantOfAValueThatIsReplaced() {
    Table table = root(PLAIN, "[{\"a_b\":1},{\"aB\":\"text\",\"a_b\":2}]");
    assertThat(table.column("a_b")).containsExactly(1L, 2L);
    assertThat(table.names()).containsExactly("a_b");
  }

  @Test
  void wrapsRecordsThatAreNoObjects() {
    assertThat(root(PLAIN, "[\"x\",null,\"y\"]").column("value")).containsExactly("x", null, "y");
    assertThat(normalize(PLAIN, "[[1,2]]").get("t__value").column("value")).containsExactly(1L, 2L);
  }

  @Test
  void buildsRowsFromATemplate() {
    RowTemplate template =
        new RowTemplate(
            List.of(
                new RowTemplate.Entry.Constant("username", "player"),
                new RowTemplate.Entry.Field("onlineStatus", "onlineStatus"),
                new RowTemplate.Entry.ReceivedAt("check_time")));
    RecordContext context =
        new RecordContext(Map.of("player", "hikaru"), Instant.parse("2024-01-01T00:00:00.5Z"));
    Table table =
        normalize(
                PLAIN,
                Optional.of(template),
                context,
                "{\"other\":{\"x\":[1]},\"onlineStatus\":\"online\"}")
            .get("t");
    assertThat(table.names()).containsExactly("username", "online_status", "check_time");
    assertThat(table.column("username")).containsExactly("hikaru");
    assertThat(table.column("check_time")).containsExactly(1_704_067_200_500_000L);
  }

  @Test
  void refusesARecordWithoutAFieldOfTheTemplate() {
    RowTemplate template =
        new RowTemplate(List.of(new RowTemplate.Entry.Field("status", "status")));
    assertThatThrownBy(
            () -> normalize(PLAIN, Optional.of(template), RecordContext.NONE, "{\"x\":1}"))
        .isInstanceOfSatisfying(
            DltJavaException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(ErrorCode.RECORD);
              assertThat(failure.location().column()).isEqualTo("status");
            });
  }

  @Test
  void refusesIntegersBeyond64Bits() {
    assertThat(
            root(PLAIN, "[{\"a\":9223372036854775807},{\"a\":-9223372036854775808}]").column("a"))
        .containsExactly(Long.MAX_VALUE, Long.MIN_VALUE);
    assertThatThrownBy(() -> normalize(PLAIN, "{\"a\":9223372036854775808}"))
        .isInstanceOfSatisfying(
            DltJavaException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.VALUE));
  }

  @Test
  void refusesHalfASurrogatePair() {
    assertThat(root(PLAIN, "{\"a\":\"\\ud83d\\ude42\"}").column("a")).containsExactly("🙂");
    assertThatThrownBy(() -> normalize(PLAIN, "{\"a\":\"\\ud83d\"}"))
        .isInstanceOfSatisfying(
            DltJavaException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.VALUE));
  }

  @Test
  void takesNumbersBeyondDoubleForNull() {
    assertThat(root(PLAIN, "[{\"a\":1e400,\"b\":1}]").names()).containsExactly("b");
  }

  @Test
  void boundsTheColumnsOfATable() {
    Limits limits = new Limits(1 << 20, 500, 1 << 20, 3, 2, 1 << 30);
    NormalizerOptions options = withLimits(PLAIN, limits);
    assertThat(root(options, "{\"a\":1,\"b\":1,\"c\":1}").names()).hasSize(3);
    assertThatThrownBy(() -> normalize(options, "{\"a\":1,\"b\":1,\"c\":1,\"d\":1}"))
        .isInstanceOf(DltJavaException.class)
        .hasMessageContaining("max_columns");
    assertThatThrownBy(() -> normalize(options, "{\"a\":[1],\"b\":[1]}"))
        .isInstanceOf(DltJavaException.class)
        .hasMessageContaining("max_tables");
  }

  @Test
  void reusesItsTablesFromBatchToBatch() {
    String many =
        IntStream.range(0, 3_000)
            .mapToObj(i -> "{\"id\":" + i + ",\"l\":[" + i + "," + i + "]}")
            .collect(Collectors.joining(",", "[", "]"));
    TableSet tables = normalize(withLoadId(PLAIN, "1"), many);
    assertThat(tables.get("t").column("id")).hasSize(3_000);
    assertThat(tables.get("t__l").column("value")).hasSize(6_000);
    assertThat(tables.get("t__l").column("_dlt_id")).doesNotHaveDuplicates();
  }
}
