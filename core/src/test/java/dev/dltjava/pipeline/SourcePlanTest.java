package dev.dltjava.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.http.HttpOptions;
import dev.dltjava.json.RecordPath;
import dev.dltjava.limits.Limits;
import dev.dltjava.naming.Naming;
import dev.dltjava.normalize.ColumnOrder;
import dev.dltjava.normalize.RowIdentity;
import dev.dltjava.normalize.RowTemplate;
import dev.dltjava.rest.ChainOptions;
import dev.dltjava.schema.ColumnType;
import dev.dltjava.schema.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SourcePlanTest {
  private static SourcePlan plan(String json) {
    return SourcePlan.parse(json.replace('\'', '"'), "test/1");
  }

  private static List<SourcePlan.PlannedRequest> requests(SourcePlan plan) {
    return ((SourcePlan.Requests) plan.input()).requests();
  }

  private static ChainOptions chains(SourcePlan plan) {
    return ((SourcePlan.Requests) plan.input()).chains();
  }

  @Test
  void takesTextsFromAFileOrFromItsCaller() {
    SourcePlan file = plan("{'file':'/tmp/x.json','table':'t'}");
    assertThat(file.input()).isEqualTo(new SourcePlan.TextFile(Path.of("/tmp/x.json")));
    assertThat(file.severalDocuments()).isTrue();
    assertThat(plan("{'pushed':true,'table':'t'}").input()).isEqualTo(new SourcePlan.Pushed());
  }

  @Test
  void hasADefaultForAllButRequestsAndTable() {
    SourcePlan plan = plan("{'requests':[{'url':'http://localhost/x'}],'table':'t'}");
    assertThat(requests(plan)).hasSize(1);
    assertThat(requests(plan).get(0).chain().first().url()).hasToString("http://localhost/x");
    assertThat(plan.severalDocuments()).isFalse();
    assertThat(chains(plan).concurrency()).isEqualTo(20);
    assertThat(plan.batchRows()).isEqualTo(10_000);
    assertThat(plan.batchBytes()).isEqualTo(16 << 20);
    assertThat(plan.template()).isEmpty();
    assertThat(plan.records().keys()).isEmpty();
    assertThat(plan.normalizer().loadId()).isEmpty();
    assertThat(plan.normalizer().limits()).isEqualTo(Limits.DEFAULT);
    assertThat(plan.http().timeout()).isEqualTo(HttpOptions.DEFAULT.timeout());
    assertThat(plan.http().maximumAttempts()).isEqualTo(5);
  }

  @Test
  void readsEveryOption() {
    SourcePlan plan =
        plan(
            "{'requests':[{'url':'http://h/x','constants':{'p':'a','n':1,'d':1.5,'b':true}}],"
                + "'headers':{'x-a':'b'},'record_path':['games'],'missing_records':'ignore',"
                + "'ignored_statuses':[404],'record':[{'name':'u','constant':'p'},"
                + "{'name':'s','field':'S'},{'name':'at','received_at':true}],'table':'t',"
                + "'tables':{'t':{'columns':{'end_time':{'data_type':'timestamp'},"
                + "'price':{'data_type':'decimal','precision':10,'scale':2}}}},"
                + "'load_id':'1.5','naming':'direct','root_id':true,'row_id':'key_hash','primary_key':['a','b'],'max_table_nesting':3,'maximum_identifier_length':63,"
                + "'column_order':'scalars_first','concurrency':3,'batch_rows':5,'batch_bytes':6,"
                + "'timeout_seconds':0.5,'max_attempts':2,'backoff_factor':0,"
                + "'max_retry_delay_seconds':7,'max_body_bytes':8,'max_nesting_depth':9,"
                + "'max_string_bytes':10,'max_columns':11,'max_tables':12,'memory_limit_bytes':13}");
    assertThat(requests(plan).get(0).constants())
        .isEqualTo(Map.of("p", "a", "n", 1L, "d", 1.5, "b", true));
    assertThat(plan.records().keys()).containsExactly("games");
    assertThat(plan.records().missing()).isEqualTo(RecordPath.Missing.IGNORED);
    assertThat(chains(plan).ignoredStatuses()).containsExactly(404);
    assertThat(plan.template().orElseThrow().entries())
        .isEqualTo(
            List.of(
                new RowTemplate.Entry.Constant("u", "p"),
                new RowTemplate.Entry.Field("s", "S"),
                new RowTemplate.Entry.ReceivedAt("at")));
    assertThat(plan.normalizer().known().get("t")).isNotNull();
    assertThat(plan.normalizer().known().values().iterator().next().columns())
        .containsEntry("end_time", ColumnType.of(DataType.TIMESTAMP))
        .containsEntry("price", new ColumnType(DataType.DECIMAL, 10, 2));
    assertThat(plan.normalizer().loadId()).contains("1.5");
    assertThat(plan.normalizer().naming()).isEqualTo(Naming.BuiltIn.DIRECT);
    assertThat(plan.normalizer().identity())
        .isEqualTo(new RowIdentity(RowIdentity.Kind.KEY_HASH, List.of("a", "b"), true));
    assertThat(plan.normalizer().maximumNesting()).isEqualTo(3);
    assertThat(plan.normalizer().maximumIdentifierLength()).isEqualTo(63);
    assertThat(plan.normalizer().columnOrder()).isEqualTo(ColumnOrder.SCALARS_FIRST);
    assertThat(plan.normalizer().limits()).isEqualTo(new Limits(8, 9, 10, 11, 12, 13));
    assertThat(chains(plan).concurrency()).isEqualTo(3);
    assertThat(plan.http().timeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(plan.http().maximumRetryDelay()).isEqualTo(Duration.ofSeconds(7));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|expected a JSON object",
        "{'requests':|not valid JSON",
        "{'table':'t'}|'requests': is required",
        "{'requests':[],'pushed':true,'table':'t'}|'requests': is required, or one of",
        "{'requests':[],'table':1}|'table': expected a string",
        "{'requests':[{}],'table':'t'}|'requests[0].url': is required",
        "{'requests':[{'url':'ftp://h/'}],'table':'t'}|http",
        "{'requests':[{'url':'http://h/','x':1}],'table':'t'}|'requests[0].x': is not known",
        "{'requests':[],'table':'t','concurency':1}|'concurency': is not known",
        "{'requests':[],'table':'t','concurrency':0}|'concurrency': expected an integer from 1",
        "{'requests':[],'table':'t','timeout_seconds':'x'}|'timeout_seconds': expected a number",
        "{'requests':[],'table':'t','column_order':'x'}|'column_order': expected one of document",
        "{'requests':[],'table':'t','row_id':'x'}|'row_id': expected one of random",
        "{'requests':[],'table':'t','row_id':'key_hash'}|'primary_key': is required for key_hash",
        "{'requests':[],'table':'t','row_id':'row_hash','record':[{'name':'a','field':'a'}]}|"
            + "'row_id': row_hash needs whole records",
        "{'requests':[],'table':'t','record':[{'name':'a'}]}|'record[0].name': expected one of field",
        "{'requests':[],'table':'t','tables':{'a':{'columns':{'b':{'data_type':'int'}}}}}|"
            + "'tables.a.columns.b.data_type': no type of dlt",
        "{'requests':[],'table':'t','tables':{'a':{'columns':{'b':{'data_type':'decimal',"
            + "'precision':2,'scale':3}}}}}|'tables.a.columns.b.precision': expected an integer",
      })
  void namesTheKeyThatIsWrong(String json, String message) {
    try {
      plan(json);
    } catch (DltJavaException failure) {
      assertThat(failure.code()).isEqualTo(ErrorCode.OPTIONS);
      assertThat(failure).hasMessageContaining(message);
      return;
    }
    throw new AssertionError("accepted " + json);
  }

  /// A value that no option takes: whoever reads it refuses it by its type.
  @Test
  void knowsEveryOptionOfTheReferenceAndNoOther() throws IOException {
    String reference = Files.readString(Path.of("../docs/reference/options.md"));
    Matcher rows = Pattern.compile("(?m)^\\| `([a-z_]+)` \\|").matcher(reference);
    int documented = 0;
    while (rows.find()) {
      documented++;
      String key = rows.group(1);
      assertThatThrownBy(() -> plan("{'table':'t','" + key + "':{'x':[null]}}"))
          .as(key)
          .isInstanceOf(DltJavaException.class)
          .hasMessageNotContaining("option '" + key + "': is not known");
    }
    assertThat(documented).isEqualTo(36);
  }
}
