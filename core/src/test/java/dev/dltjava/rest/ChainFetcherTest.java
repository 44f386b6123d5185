package dev.dltjava.rest;

import static dev.dltjava.rest.SourceFixture.column;
import static dev.dltjava.rest.SourceFixture.failure;
import static dev.dltjava.rest.SourceFixture.ids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.pipeline.RecordSource;
import dev.dltjava.rest.ApiServer.Answer;
import dev.dltjava.rest.ApiServer.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Many chains: their order, how many run beside each other, and what ends them.
final class ChainFetcherTest {
  private static final String LINKS = "'paginator':{'type':'json_link','next_url_path':['next']}";

  private final SourceFixture fixture = new SourceFixture();

  @AfterEach
  void leavesNothing() {
    fixture.close();
  }

  private static String chains(ApiServer server, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{'url':'" + server.origin() + "/c" + i + "','name':'c'}")
        .collect(Collectors.joining(",", "'requests':[", "],'record_path':['data'],"));
  }

  /// Page `p` of chain `c` has the record `c.p`.
  private static Answer linked(Call call, int pages) {
    int page = call.integer("page", 0);
    String next = page + 1 < pages ? ",'next':'" + call.path() + "?page=" + (page + 1) + "'" : "";
    return Answer.json(
        "{'data':[{'id':'" + call.path().substring(2) + "." + page + "'}]" + next + "}");
  }

  private static List<String> expected(int chains, int pages) {
    List<String> ids = new ArrayList<>();
    for (int chain = 0; chain < chains; chain++) {
      for (int page = 0; page < pages; page++) {
        ids.add(chain + "." + page);
      }
    }
    return ids;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 50})
  void deliversChainsInTheirOrder(int concurrency) {
    ApiServer server = fixture.server(call -> linked(call, 5));
    RecordSource source =
        fixture.open("{" + chains(server, 40) + LINKS + ",'concurrency':" + concurrency + "}$");
    assertThat(ids(source)).isEqualTo(expected(40, 5));
    assertThat(server.calls()).hasSize(200);
    assertThat(server.mostOpen()).isLessThanOrEqualTo(concurrency);
    assertThat(source.statistics()).contains("\"documents_completed\":200,\"chains_completed\":40");
  }

  /// All requests of a round meet at a barrier: with fewer of them in flight, none would go on.
  @Test
  void keepsAsManyRequestsInFlightAsItMay() {
    CyclicBarrier round = new CyclicBarrier(8);
    ApiServer server =
        fixture.server(
            call -> {
              await(round);
              return linked(call, 4);
            });
    RecordSource source = fixture.open("{" + chains(server, 8) + LINKS + ",'concurrency':8}$");
    assertThat(ids(source)).isEqualTo(expected(8, 4));
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (Exception broken) {
      throw new IllegalStateException(broken);
    }
  }

  /// The first chain waits until the others have no more to do.
  @Test
  void goesOnWithLaterChainsWhileTheFirstOneIsSlow() {
    CountDownLatch others = new CountDownLatch(4 * 3);
    ApiServer server =
        fixture.server(
            call -> {
              if (call.path().equals("/c0")) {
                await(others);
              } else {
                others.countDown();
              }
              return linked(call, 3);
            });
    RecordSource source = fixture.open("{" + chains(server, 5) + LINKS + ",'concurrency':5}$");
    assertThat(ids(source)).isEqualTo(expected(5, 3));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Test
  void asksForTheNextPageBeforeTheLastOneIsTaken() {
    ApiServer server = fixture.server(call -> linked(call, 3));
    RecordSource source = fixture.open("{" + chains(server, 1) + LINKS + ",'batch_rows':1}$");
    // Nobody takes a batch yet.
    await(server, 3);
    assertThat(ids(source)).hasSize(3);
  }

  private static void await(ApiServer server, int calls) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (server.calls().size() < calls) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void fetchesNoFurtherThanItsMemoryAllows() {
    String padding = "x".repeat(50_000);
    ApiServer server =
        fixture.server(
            call ->
                Answer.json(
                    "{'data':[{'id':1,'pad':'"
                        + padding
                        + "'}],'next':'"
                        + call.path()
                        + "?page="
                        + (call.integer("page", 0) + 1)
                        + "'}"));
    RecordSource source =
        fixture.open(
            "{" + chains(server, 10) + LINKS + ",'batch_rows':1,'memory_limit_bytes':1000000}$");
    // Ten at a time would be in half of the memory; then the queue of batches is full as well.
    await(server, 8);
    source.close();
    assertThat(server.calls().size()).isLessThan(40);
  }

  @Test
  void endsWithTheFirstFailureInOrder() {
    ApiServer server =
        fixture.server(call -> call.path().equals("/c3") ? Answer.status(403) : linked(call, 2));
    DltJavaException failure = failure(fixture.open("{" + chains(server, 10) + LINKS + "}$"));
    assertThat(failure.code()).isEqualTo(ErrorCode.STATUS);
    assertThat(failure.location().url()).endsWith("/c3");
    assertThat(failure).hasMessageStartingWith("endpoint 'c', page 1: ");
  }

  @Test
  void asksForNothingBehindAFailure() {
    ApiServer server =
        fixture.server(call -> call.path().equals("/c3") ? Answer.status(403) : linked(call, 2));
    RecordSource source = fixture.open("{" + chains(server, 50) + LINKS + ",'concurrency':1}$");
    assertThat(failure(source).code()).isEqualTo(ErrorCode.STATUS);
    source.close();
    assertThat(server.calls()).hasSize(7);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void triesPagesAgain(int status) {
    ApiServer server =
        fixture.server(
            call ->
                call.integer("page", 0) == 1 && call.number() < 3
                    ? Answer.status(status).with("Retry-After", "0")
                    : linked(call, 3));
    RecordSource source = fixture.open("{" + chains(server, 2) + LINKS + "}$");
    assertThat(ids(source)).isEqualTo(expected(2, 3));
    assertThat(source.statistics())
        .contains("\"endpoints\":{\"c\":{\"requests\":6,\"retries\":4,\"waited_milliseconds\":0,")
        .containsPattern("\"body_bytes\":[1-9][0-9]*,\"not_modified\":0,\"rows\":6}");
  }

  @Test
  void triesAPageAgainThatIsCutOff() {
    ApiServer server =
        fixture.server(
            call -> {
              Answer answer = linked(call, 3);
              return call.integer("page", 0) == 1 && call.number() == 1 ? answer.cutOff() : answer;
            });
    RecordSource source = fixture.open("{" + chains(server, 2) + LINKS + "}$");
    assertThat(ids(source)).isEqualTo(expected(2, 3));
    assertThat(source.statistics()).contains("\"retries\":2");
  }

  /// The server's reset is far, so that the longest wait counts: 300 ms before the second and the
  /// third page, less what passes before they are asked for.
  @Test
  void waitsBeforeTheServersLimitIsHit() {
    ApiServer server =
        fixture.server(
            call ->
                linked(call, 3)
                    .with("X-RateLimit-Remaining", "0")
                    .with("X-RateLimit-Reset", "3600"));
    long start = System.nanoTime();
    RecordSource source =
        fixture.open("{" + chains(server, 1) + LINKS + ",'max_retry_delay_seconds':0.3}$");
    assertThat(ids(source)).isEqualTo(expected(1, 3));
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(600_000_000L);
    assertThat(source.statistics()).containsPattern("\"waited_milliseconds\":[1-9]");
  }

  @Test
  void asksAHostNoFasterThanItMay() {
    ApiServer server = fixture.server(call -> linked(call, 2));
    long start = System.nanoTime();
    RecordSource source =
        fixture.open(
            "{" + chains(server, 5) + LINKS + ",'requests_per_second':200,'max_concurrency':3}$");
    assertThat(ids(source)).isEqualTo(expected(5, 2));
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(9 * 5_000_000L);
    assertThat(server.mostOpen()).isLessThanOrEqualTo(3);
  }

  @Test
  void countsEachEndpointByItself() {
    ApiServer server = fixture.server(call -> linked(call, call.path().equals("/c0") ? 3 : 1));
    RecordSource source =
        fixture.open(
            ("{'requests':[{'url':'%1$s/c0','name':'a'},{'url':'%1$s/c1','name':'b'},"
                        + "{'url':'%1$s/c2'}],'record_path':['data'],")
                    .formatted(server.origin())
                + LINKS
                + "}$");
    assertThat(ids(source)).hasSize(5);
    assertThat(source.statistics())
        .contains("\"a\":{\"requests\":3,", "\"b\":{\"requests\":1,", "\"rows\":3}", "\"rows\":1}");
  }

  @Test
  void tellsOfEachRequestOnce() {
    ApiServer server = fixture.server(call -> linked(call, 3));
    RecordSource source =
        fixture.open(
            "{" + chains(server, 1) + LINKS + ",'request_log':2,'auth_query':{'k':'s3cret'}}$");
    assertThat(ids(source)).isEqualTo(expected(1, 3));
    assertThat(source.drainStatistics(10))
        .contains("\"request_log\":[{\"method\":\"GET\",\"url\":\"" + server.origin())
        .contains("\"status\":200,\"milliseconds\":", "\"attempt\":1", "\"requests_not_logged\":1")
        .doesNotContain("s3cret");
    // It had no room.
    assertThat(source.drainStatistics(10_000)).contains("\"request_log\":[{");
    assertThat(source.drainStatistics(10_000)).contains("\"request_log\":[],");
  }

  @Test
  void endsAChainAtAnIgnoredResponse() {
    ApiServer server =
        fixture.server(
            call ->
                switch (call.path() + call.integer("page", 0)) {
                  case "/c00" -> Answer.status(404);
                  case "/c11" -> Answer.status(500);
                  case "/c20" -> Answer.json("{'data':[{'id':'gone'}],'x':'No such thing'}");
                  case "/c30" -> new Answer(410, "{'x':'No such thing'}", java.util.Map.of());
                  default -> linked(call, 3);
                });
    RecordSource source =
        fixture.open(
            "{"
                + chains(server, 5)
                + LINKS
                + ",'response_actions':[{'status_code':404},{'status_code':500},"
                + "{'content':'No such thing'}]}$");
    assertThat(ids(source)).containsExactly("1.0", "4.0", "4.1", "4.2");
    // An ignored response is not tried again.
    assertThat(source.statistics()).contains("\"retries\":0", "\"chains_completed\":5");
  }

  @Test
  void ignoresOnlyWhatAllPartsOfAnActionSay() {
    ApiServer server =
        fixture.server(
            call -> new Answer(422, call.path() + ": café not found", java.util.Map.of()));
    String actions = ",'response_actions':[{'status_code':422,'content':'%s'}]}$";
    assertThat(
            ids(fixture.open("{" + chains(server, 1) + LINKS + actions.formatted("caf\u00e9 not"))))
        .isEmpty();
    assertThat(
            failure(fixture.open("{" + chains(server, 1) + LINKS + actions.formatted("c1")))
                .location()
                .httpStatus())
        .isEqualTo(422);
  }

  @Test
  void appendsFieldsToEachRecord() {
    ApiServer server =
        fixture.server(call -> Answer.json("[{'id':1,'a':{'b':[1]},'_c':'own'},{'id':2,'a':{}}]"));
    String request =
        "{'requests':[{'url':'%s/p','fields':'{\\u0022_p\\u0022:{\\u0022x\\u0022:7},"
            + "\\u0022_c\\u0022:\\u0022new\\u0022}'}]}$";
    assertThat(column(fixture.open(request.formatted(server.origin())), "_c"))
        .containsExactly("new", "new");
    assertThat(column(fixture.open(request.formatted(server.origin())), "_p__x"))
        .containsExactly("7", "7");
    assertThat(ids(fixture.open(request.formatted(server.origin())))).containsExactly("1", "2");
  }

  @Test
  void refusesToAppendFieldsToWhatIsNoObject() {
    ApiServer server = fixture.server(call -> Answer.json("[{'id':1},5]"));
    DltJavaException failure =
        failure(
            fixture.open(
                "{'requests':[{'url':'%s/p','fields':'{\\u0022a\\u0022:1}'}]}$"
                    .formatted(server.origin())));
    assertThat(failure.code()).isEqualTo(ErrorCode.RECORD);
    assertThat(failure.location().row()).isEqualTo(1);
  }

  @Test
  void ignoresPagesBehindTheEndThatNeverCome() {
    CountDownLatch never = new CountDownLatch(1);
    ApiServer server =
        fixture.server(
            call -> {
              int page = call.integer("page", 0);
              if (page > 2) {
                awaitQuietly(never);
              }
              return Answer.json(page < 2 ? "[{'id':" + page + "}]" : "[]");
            });
    RecordSource source =
        fixture.open(
            ("{'requests':[{'url':'%1$s/p?page=0','following':{'page':{'url':['%1$s/p?page=',"
                    + "{'slot':'page'}]}}}],'paginator':{'type':'page_number',"
                    + "'stop_after_empty_page':true}}$")
                .formatted(server.origin()));
    try {
      assertThat(ids(source)).containsExactly("0", "1");
      assertThat(source.liveBytes()).isZero();
    } finally {
      never.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'page_number','total_path':['pages']",
        "'cursor','cursor_path':['next']",
        "'auto'"
      })
  void saysThatAPageIsEmptyWhateverItsPaginatorLooksFor(String paginator) {
    ApiServer server = fixture.server(call -> new Answer(200, "", Map.of()));
    String options =
        "{'requests':[{'url':'%s/','following':{'page':{'url':'p'},'cursor':{'url':'c'}}}],"
            + "'missing_records':'empty','paginator':{'type':%s}}$";

    DltJavaException failure = failure(fixture.open(options.formatted(server.origin(), paginator)));

    assertThat(failure.code()).isEqualTo(ErrorCode.JSON);
    assertThat(failure).hasMessageContaining("the body is empty");
  }
}
