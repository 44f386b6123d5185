package dev.dltjava.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.http.Credentials;
import dev.dltjava.http.Header;
import dev.dltjava.http.Headers;
import dev.dltjava.http.HttpOptions;
import dev.dltjava.http.Proxies;
import dev.dltjava.json.JsonPath;
import dev.dltjava.json.RecordPath;
import dev.dltjava.limits.Limits;
import dev.dltjava.naming.Naming;
import dev.dltjava.normalize.ColumnOrder;
import dev.dltjava.normalize.RowIdentity;
import dev.dltjava.normalize.RowTemplate;
import dev.dltjava.rest.ChainOptions;
import dev.dltjava.rest.Paginator;
import dev.dltjava.rest.RequestChain;
import dev.dltjava.rest.RequestTemplate;
import dev.dltjava.rest.ResponseAction;
import dev.dltjava.rest.Slot;
import dev.dltjava.schema.ColumnType;
import dev.dltjava.schema.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SourcePlanTest {
  private static SourcePlan plan(String json) {
    return SourcePlan.parse(json.replace('\'', '"'), "test/1");
  }

  @Test
  void hasNoSecretInItsText() {
    SourcePlan plan =
        plan(
            """
            {'table':'t',
             'requests':[{'url':'http://user:s3cret-a@h/?api_key=s3cret-b',
                          'method':'POST','body':'s3cret-c','headers':{'X-Key':'s3cret-d'},
                          'following':{'cursor':
                              {'url':['http://h/?key=s3cret-e&c=',
                                      {'slot':'cursor','encoding':'query'}]}}}],
             'headers':{'Cookie':'s3cret-f'},
             'auth_headers':{'Authorization':'Bearer s3cret-g'},
             'auth_query':{'sig':'s3cret-h'},
             'proxies':{'http':'http://user:s3cret-i@p:3128'},
             'transformations':[{'hash':{'mail':'sha256'},'salt':'s3cret-j'}],
             'paginator':{'type':'cursor','cursor_path':['next']}}""");
    assertThat(plan.toString()).contains("POST http://***@h/?api_key=***");
    assertThat(plan.toString()).doesNotContain("s3cret", "czNjcmV0");
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
    assertThat(plan("{'pushed':true,'table':'t'}").input())
        .isEqualTo(new SourcePlan.Pushed(false, false));
    assertThat(plan("{'pieces':true,'table':'t'}").input())
        .isEqualTo(new SourcePlan.Pushed(true, false));
    assertThat(plan("{'pieces':true,'lent':true,'table':'t'}").input())
        .isEqualTo(new SourcePlan.Pushed(true, true));
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
    assertThat(plan.transformations()).isEmpty();
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
            "{'requests':[{'url':'http://h/x','name':'n','method':'POST','body':'{}',"
                + "'headers':{'X-B':'c'},'fields':'{}','following':{'offset':{'url':['http://h/x?o=',"
                + "{'slot':'offset','encoding':'json'}],'body':'b'}},'constants':{'p':'a','n':1,'d':1.5,'b':true}}],"
                + "'headers':{'x-a':'b'},'record_path':['games'],'missing_records':'ignore',"
                + "'ignored_statuses':[404],'record':[{'name':'u','constant':'p'},"
                + "{'name':'s','field':'S'},{'name':'at','received_at':true}],'table':'t',"
                + "'tables':{'t':{'columns':{'end_time':{'data_type':'timestamp'},"
                + "'price':{'data_type':'decimal','precision':10,'scale':2}}}},"
                + "'paginator':{'type':'offset','offset':5,'limit':7,'total_path':['a',0],"
                + "'maximum_offset':9,'stop_after_empty_page':true,'has_more_path':['m']},"
                + "'records':'detect','pages_ahead':4,"
                + "'response_actions':[{'status_code':404},{'content':'x'}],"
                + "'auth_headers':{'a':'b'},'auth_query':{'c':'d'},'user_agent':'me',"
                + "'max_concurrency':2,'requests_per_second':2.5,'proxies':{'http':'p:1'},"
                + "'no_proxy':'h',"
                + "'load_id':'1.5','naming':'direct','root_id':true,'row_id':'key_hash','primary_key':['a','b'],'max_table_nesting':3,'maximum_identifier_length':63,"
                + "'column_order':'scalars_first','concurrency':3,'batch_rows':5,'batch_bytes':6,"
                + "'timeout_seconds':0.5,'max_attempts':2,'backoff_factor':0,"
                + "'max_retry_delay_seconds':7,'max_body_bytes':8,'max_nesting_depth':9,"
                + "'max_string_bytes':10,'max_columns':11,'max_tables':12,'memory_limit_bytes':13,"
                + "'request_log':14,'decoder_threads':3,'segment_bytes':15,"
                + "'transformations':[{'drop':['x']}]}");
    assertThat(requests(plan).get(0).constants())
        .isEqualTo(Map.of("p", "a", "n", 1L, "d", 1.5, "b", true));
    assertThat(plan.records().keys()).containsExactly("games");
    readsTheChains((SourcePlan.Requests) plan.input());
    assertThat(plan.http().userAgent()).isEqualTo("me");
    assertThat(plan.http().maximumConnectionsPerHost()).isEqualTo(2);
    assertThat(plan.http().requestsPerSecond()).isEqualTo(2.5);
    assertThat(plan.http().proxies())
        .isEqualTo(Proxies.of(Optional.of("p:1"), Optional.empty(), "h"));
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
    assertThat(plan.requestLog()).isEqualTo(14);
    assertThat(plan.decoderThreads()).hasValue(3);
    assertThat(plan.segmentBytes()).isEqualTo(15);
    assertThat(plan.transformations()).hasSize(1);
    assertThat(plan.http().timeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(plan.http().maximumRetryDelay()).isEqualTo(Duration.ofSeconds(7));
  }

  private static void readsTheChains(SourcePlan.Requests requests) {
    RequestChain chain = requests.requests().get(0).chain();
    assertThat(chain.name()).isEqualTo("n");
    assertThat(chain.first().method()).isEqualTo("POST");
    assertThat(chain.first().body()).isEqualTo("{}");
    assertThat(chain.first().headers().with(List.of()).entries())
        .containsExactly(new Header("x-a", "b"), new Header("X-B", "c"));
    assertThat(chain.following())
        .containsEntry(
            Slot.OFFSET,
            new RequestTemplate(
                List.of(
                    new RequestTemplate.Part.Literal("http://h/x?o="),
                    new RequestTemplate.Part.Value(RequestTemplate.Encoding.JSON)),
                Optional.of(List.of(new RequestTemplate.Part.Literal("b")))));
    assertThat(requests.requests().get(0).fields()).contains("{}");
    assertThat(requests.chains().paginator())
        .isEqualTo(
            new Paginator.Range(
                Slot.OFFSET,
                5,
                7,
                0,
                Optional.of(
                    new JsonPath(List.of(new JsonPath.Step.Key("a"), new JsonPath.Step.Index(0)))),
                OptionalLong.of(9),
                true,
                Optional.of(JsonPath.ofKeys(List.of("m")))));
    assertThat(requests.chains().detectsRecords()).isTrue();
    assertThat(requests.chains().pagesAhead()).isEqualTo(4);
    assertThat(requests.chains().actions())
        .containsExactly(
            new ResponseAction(OptionalInt.of(404), Optional.empty()),
            new ResponseAction(OptionalInt.empty(), Optional.of("x")));
    assertThat(requests.credentials())
        .isEqualTo(
            new Credentials(
                new Headers(List.of(new Header("a", "b"))), List.of(new Header("c", "d"))))
        .hasToString("Credentials");
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
        "{'requests':[{'url':'http://h/','method':'PUT'}],'table':'t'}|"
            + "'requests[0].method': expected one of GET, POST",
        "{'requests':[{'url':'http://h/','fields':'[]'}],'table':'t'}|"
            + "'requests[0].fields': expected the text of a JSON object",
        "{'requests':[{'url':'http://h/','following':{'x':{}}}],'table':'t'}|"
            + "'requests[0].following.x': is not known",
        "{'requests':[{'url':'http://h/','following':{'page':{'url':[1]}}}],'table':'t'}|"
            + "'requests[0].following.page.url[0]': expected an object",
        "{'requests':[{'url':'http://h/','following':{'page':{'url':[{'slot':'cursor'}]}}}],'table':'t'}|"
            + "'requests[0].following.page.url[0].slot': expected 'page'",
        "{'requests':[{'url':'http://h/'}],'table':'t','paginator':{'type':'cursor','cursor_path':['a']}}|"
            + "'requests[0].following': the paginator needs 'cursor'",
        "{'requests':[],'table':'t','paginator':{'type':'x'}}|'paginator.type': expected one of",
        "{'requests':[],'table':'t','paginator':{'type':'cursor'}}|'paginator.cursor_path': is required",
        "{'requests':[],'table':'t','paginator':{'type':'offset'}}|'paginator.limit': is required",
        "{'requests':[],'table':'t','paginator':{'type':'offset','limit':0}}|"
            + "'paginator.limit': expected an integer from 1",
        "{'requests':[],'table':'t','paginator':{'type':'page_number'}}|"
            + "'paginator.type': expected one of total_path",
        "{'requests':[],'table':'t','paginator':{'type':'json_link','next_url_path':[-1]}}|"
            + "'paginator.next_url_path': expected an array of strings and of integers from 0",
        "{'requests':[],'table':'t','paginator':{'limit':1}}|'paginator.limit': is not known",
        "{'requests':[],'table':'t','response_actions':[{}]}|'response_actions[0].status_code': expected",
        "{'requests':[],'table':'t','requests_per_second':0}|'requests_per_second': expected a number",
        "{'requests':[],'table':'t','auth_headers':{'a b':'x'}}|'auth_headers': the name of a header",
        "{'requests':[],'table':'t','proxies':{'https':'socks5://h'}}|expected a URL such as",
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
    String page = Files.readString(Path.of("../docs/reference/options.md"));
    String reference = page.substring(0, page.indexOf("## Questions"));
    Matcher rows = Pattern.compile("(?m)^\\| `([a-z_]+)` \\|").matcher(reference);
    int documented = 0;
    while (rows.find()) {
      documented++;
      String key = rows.group(1);
      assertThatThrownBy(() -> plan("{'requests':[],'table':'t','" + key + "':{'x':[null]}}"))
          .as(key)
          .isInstanceOf(DltJavaException.class)
          .hasMessageNotContaining("option '" + key + "': is not known");
    }
    assertThat(documented).isEqualTo(56);
  }
}
