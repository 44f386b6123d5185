package dev.dltjava.normalize;

import static dev.dltjava.normalize.Tables.PLAIN;
import static dev.dltjava.normalize.Tables.normalize;
import static dev.dltjava.normalize.Tables.withIdentity;
import static dev.dltjava.normalize.Tables.withLoadId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.normalize.Tables.Table;
import dev.dltjava.normalize.Tables.TableSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The expected hashes were printed by dlt's own `get_row_hash`.
final class RowIdentityTest {
  private static TableSet tables(
      RowIdentity.Kind kind, List<String> primaryKey, boolean rootId, String document) {
    RowIdentity identity = new RowIdentity(kind, primaryKey, rootId);
    return normalize(withIdentity(withLoadId(PLAIN, "1"), identity), document);
  }

  @Test
  void namesTheRootInEveryChildTable() {
    TableSet tables =
        tables(
            RowIdentity.Kind.RANDOM,
            List.of(),
            true,
            "[{\"l\":[{\"m\":[1,2]}],\"_dlt_root_id\":\"data\"},"
                + "{\"l\":[{\"m\":[3],\"_dlt_root_id\":\"data\"}]}]");
    List<?> roots = tables.get("t").column("_dlt_id");
    assertThat(tables.get("t").column("_dlt_root_id")).containsExactly("data", null);
    Table list = tables.get("t__l");
    assertThat(list.names())
        .containsExactly("_dlt_root_id", "_dlt_parent_id", "_dlt_list_idx", "_dlt_id");
    assertThat(list.column("_dlt_root_id")).isEqualTo(roots);
    Table inner = tables.get("t__l__m");
    assertThat(inner.names())
        .containsExactly("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_list_idx", "_dlt_id");
    assertThat(inner.column("_dlt_root_id"))
        .containsExactly(roots.get(0), roots.get(0), roots.get(1));
  }

  @Test
  void makesIdsFromThePrimaryKey() {
    TableSet tables =
        tables(
            RowIdentity.Kind.KEY_HASH,
            List.of("id", "f", "b__c"),
            false,
            "[{\"id\":7,\"b\":{\"C\":\"ü\\n\"},\"f\":1e22,\"x\":1,\"l\":[1]},"
                + "{\"f\":1e22,\"x\":2,\"id\":7,\"b\":{\"C\":\"ü\\n\"}}]");
    assertThat(tables.get("t").column("_dlt_id"))
        .containsExactly("YfV+zGtIBnioHQ", "YfV+zGtIBnioHQ");
    assertThat(tables.get("t__l").column("_dlt_parent_id")).containsExactly("YfV+zGtIBnioHQ");
  }

  @Test
  void refusesRecordsWithoutTheirPrimaryKey() {
    for (String document : List.of("{\"x\":1}", "{\"id\":null}", "{\"id\":[1]}", "5")) {
      assertThatThrownBy(() -> tables(RowIdentity.Kind.KEY_HASH, List.of("id"), false, document))
          .isInstanceOfSatisfying(
              DltJavaException.class,
              failure -> {
                assertThat(failure.code()).isEqualTo(ErrorCode.RECORD);
                assertThat(failure.location().column()).isEqualTo("id");
              });
    }
  }

  @Test
  void keepsTheIdThatARecordBringsRatherThanHashIt() {
    TableSet tables =
        tables(RowIdentity.Kind.KEY_HASH, List.of("id"), false, "{\"_dlt_id\":\"own\",\"x\":1}");
    assertThat(tables.get("t").column("_dlt_id")).containsExactly("own");
  }

  @Test
  void makesIdsFromTheWholeRecord() {
    TableSet tables =
        tables(
            RowIdentity.Kind.ROW_HASH,
            List.of(),
            false,
            "[{\"z\":[{\"b\":1,\"a\":null}],\"_dlt_x\":1,\"a\":1.0,\"é\":true,"
                + "\"b\":{\"_dlt_y\":1}},[2,{\"b\":1,\"a\":2}]]");
    assertThat(tables.get("t").column("_dlt_id"))
        .containsExactly("E1IwaPJ5TXwYBw", "TJnZ++t0Lx+ohg");
    assertThat(tables.get("t__z").column("_dlt_parent_id")).containsExactly("E1IwaPJ5TXwYBw");
  }
}
