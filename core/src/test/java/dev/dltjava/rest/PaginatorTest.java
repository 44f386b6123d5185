package dev.dltjava.rest;

import static dev.dltjava.rest.SourceFixture.failure;
import static dev.dltjava.rest.SourceFixture.ids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.rest.ApiServer.Answer;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// One chain with each paginator and each of its options.
final class PaginatorTest {
  private static final String PAGE_TEMPLATE =
      ",'following':{'page':{'url':['%s/p?page=',{'slot':'page','encoding':'query'}]}}";
  private static final String OFFSET_TEMPLATE =
      ",'following':{'offset':{'url':['%s/p?limit=2&offset=',{'slot':'offset'}]}}";
  private static final String CURSOR_TEMPLATE =
      ",'following':{'cursor':{'url':['%s/p?cursor=',{'slot':'cursor'}]}}";

  private final SourceFixture fixture = new SourceFixture();

  @AfterEach
  void leavesNothing() {
    fixture.close();
  }

  private static String options(ApiServer server, String first, String following, String rest) {
    return "{'requests':[{'url':'"
        + server.origin()
        + first
        + "','name':'posts'"
        + following.formatted(server.origin())
        + "}],'record_path':['data'],'missing_records':'ignore',"
        + rest
        + "}$";
  }

  private List<String> read(ApiServer server, String first, String following, String rest) {
    return ids(fixture.open(options(server, first, following, rest)));
  }

  private DltJavaException refused(ApiServer server, String first, String following, String rest) {
    return failure(fixture.open(options(server, first, following, rest)));
  }

  /// `'data':[{'id':2},{'id':3}]` for page 1.
  private static String data(int page) {
    return "'data':[{'id':%d},{'id':%d}]".formatted(2 * page, 2 * page + 1);
  }

  private static List<String> ids0To(int last) {
    return IntStream.rangeClosed(0, last).mapToObj(Integer::toString).toList();
  }

  @Test
  void fetchesASinglePage() {
    ApiServer server = fixture.server(call -> Answer.json("{" + data(0) + ",'next':'/p?page=1'}"));
    assertThat(read(server, "/p", "", "'paginator':{'type':'single_page'}")).hasSize(2);
    assertThat(server.targets()).containsExactly("/p");
  }

  @Test
  void followsLinksInTheBody() {
    ApiServer server =
        fixture.server(
            call -> {
              int page = call.integer("page", 0);
              String next = page < 3 ? "'/p?page=" + (page + 1) + "'" : "null";
              return Answer.json("{" + data(page) + ",'meta':{'links':[0,{'next':" + next + "}]}}");
            });
    assertThat(
            read(
                server,
                "/p?a=b",
                "",
                "'paginator':{'type':'json_link','next_url_path':['meta','links',1,'next']}"))
        .isEqualTo(ids0To(7));
    assertThat(server.targets()).containsExactly("/p?a=b", "/p?page=1", "/p?page=2", "/p?page=3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"?page=1", "p?page=1", "//HOST/x/p?page=1", "http://HOST/x/p?page=1"})
  void resolvesLinksAgainstTheRequest(String link) {
    ApiServer server =
        fixture.server(
            call ->
                Answer.json(
                    call.query().containsKey("page")
                        ? "{" + data(1) + "}"
                        : "{"
                            + data(0)
                            + ",'next':'"
                            + link.replace("HOST", call.headers().get("Host"))
                            + "'}"));
    assertThat(
            read(server, "/x/p", "", "'paginator':{'type':'json_link','next_url_path':['next']}"))
        .isEqualTo(ids0To(3));
    assertThat(server.targets()).containsExactly("/x/p", "/x/p?page=1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "5|a number, expected a string",
        "['/x']|an array, expected a string",
        "false|a boolean, expected a string",
        "''|an empty string",
        "'ftp://h/'|not one that can be fetched",
        "'http://'|not one that can be fetched",
      })
  void refusesLinksThatAreNone(String link, String message) {
    ApiServer server = fixture.server(call -> Answer.json("{" + data(0) + ",'next':" + link + "}"));
    DltJavaException failure =
        refused(server, "/p", "", "'paginator':{'type':'json_link','next_url_path':['next']}");
    assertThat(failure.code()).isEqualTo(ErrorCode.PAGINATION);
    assertThat(failure)
        .hasMessageContaining(message)
        .hasMessageStartingWith("endpoint 'posts', page 1: ");
    assertThat(failure.location().url()).endsWith("/p");
  }

  @Test
  void refusesAPageThatNamesAnEarlierOne() {
    ApiServer server =
        fixture.server(
            call ->
                Answer.json(
                    "{"
                        + data(0)
                        + ",'next':'/p?page="
                        + (call.integer("page", 0) + 1) % 3
                        + "'}"));
    DltJavaException failure =
        refused(
            server, "/p?page=0", "", "'paginator':{'type':'json_link','next_url_path':['next']}");
    assertThat(failure.code()).isEqualTo(ErrorCode.PAGINATION);
    assertThat(failure)
        .hasMessageStartingWith("endpoint 'posts', page 3: ")
        .hasMessageContaining("fetched already");
    assertThat(failure.location().url()).endsWith("/p?page=2");
    assertThat(server.calls()).hasSize(3);
  }

  @Test
  void followsLinksInTheHeader() {
    ApiServer server =
        fixture.server(
            call -> {
              int page = call.integer("page", 0);
              Answer answer = Answer.json("{" + data(page) + "}");
              return page == 2
                  ? answer.with("Link", "</p?page=0>; rel=\"first\"")
                  : answer
                      .with("Link", "</p?page=0>; rel=\"first\"")
                      .with("link", "</p?page=" + (page + 1) + ">;title=x; rel='more'");
            });
    assertThat(read(server, "/p", "", "'paginator':{'type':'header_link','links_next_key':'more'}"))
        .isEqualTo(ids0To(5));
    assertThat(read(server, "/p", "", "'paginator':{'type':'header_link'}")).isEqualTo(ids0To(1));
  }

  @Test
  void followsCursorsInAHeader() {
    ApiServer server =
        fixture.server(
            call -> {
              int page = call.integer("cursor", 0);
              Answer answer = Answer.json("{" + data(page) + "}");
              return page == 2 ? answer : answer.with("X-Next", Integer.toString(page + 1));
            });
    assertThat(
            read(
                server,
                "/p",
                CURSOR_TEMPLATE,
                "'paginator':{'type':'header_cursor','cursor_key':'x-next'}"))
        .isEqualTo(ids0To(5));
    assertThat(server.targets()).containsExactly("/p", "/p?cursor=1", "/p?cursor=2");
  }

  /// As `urllib.parse.quote_plus(str(cursor))` writes them.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'a b/c~d*é='|a+b%2Fc~d%2A%C3%A9%3D",
        "12345678901234567890123|12345678901234567890123",
        "1.0|1.0",
        "1e22|1e%2B22",
        "true|True",
      })
  void writesCursorsAsPythonDoes(String cursor, String written) {
    ApiServer server =
        fixture.server(
            call ->
                Answer.json(
                    call.query().containsKey("cursor")
                        ? "{" + data(1) + "}"
                        : "{" + data(0) + ",'c':{'next':" + cursor + "}}"));
    assertThat(
            read(
                server,
                "/p",
                CURSOR_TEMPLATE,
                "'paginator':{'type':'cursor','cursor_path':['c','next']}"))
        .isEqualTo(ids0To(3));
    assertThat(server.targets()).containsExactly("/p", "/p?cursor=" + written);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "''", "0", "0.0", "false", "[]", "{}"})
  void stopsAtCursorsThatAreFalseInPython(String cursor) {
    ApiServer server = fixture.server(call -> Answer.json("{" + data(0) + ",'c':" + cursor + "}"));
    assertThat(
            read(
                server, "/p", CURSOR_TEMPLATE, "'paginator':{'type':'cursor','cursor_path':['c']}"))
        .isEqualTo(ids0To(1));
    assertThat(server.calls()).hasSize(1);
  }

  @Test
  void writesCursorsIntoTheBody() {
    ApiServer server =
        fixture.server(
            call ->
                Answer.json(
                    call.body().contains("after")
                        ? "{" + data(1) + "}"
                        : "{" + data(0) + ",'c':['é\\n',1.0]}"));
    String following =
        ",'method':'POST','body':'{}','headers':{'Content-Type':'application/json'},'following':"
            + "{'cursor':{'url':'%s/p','body':['{\\u0022after\\u0022:',"
            + "{'slot':'cursor','encoding':'json'},'}']}}";
    assertThat(read(server, "/p", following, "'paginator':{'type':'cursor','cursor_path':['c']}"))
        .isEqualTo(ids0To(3));
    assertThat(server.calls().get(1).method()).isEqualTo("POST");
    assertThat(server.calls().get(1).headers()).containsEntry("Content-type", "application/json");
    assertThat(server.calls().get(1).body()).isEqualTo("{\"after\":[\"é\\n\",1.0]}");
  }

  @Test
  void refusesCursorsThatFitNoQuery() {
    ApiServer server = fixture.server(call -> Answer.json("{" + data(0) + ",'c':[1]}"));
    assertThat(
            refused(
                server, "/p", CURSOR_TEMPLATE, "'paginator':{'type':'cursor','cursor_path':['c']}"))
        .hasMessageContaining("is an array, expected a string or a number");
  }

  @Test
  void refusesACursorThatComesBack() {
    ApiServer server = fixture.server(call -> Answer.json("{" + data(0) + ",'c':'x'}"));
    DltJavaException failure =
        refused(server, "/p", CURSOR_TEMPLATE, "'paginator':{'type':'cursor','cursor_path':['c']}");
    assertThat(failure.code()).isEqualTo(ErrorCode.PAGINATION);
    assertThat(failure).hasMessageStartingWith("endpoint 'posts', page 2: ");
    assertThat(server.calls()).hasSize(2);
  }

  @Test
  void stopsCursorsAtAnEmptyPage() {
    ApiServer server =
        fixture.server(
            call -> {
              int page = call.integer("cursor", 0);
              String data = page < 2 ? data(page) : "'data':[]";
              return Answer.json("{" + data + ",'c':" + (page + 1) + "}");
            });
    assertThat(
            read(
                server,
                "/p",
                CURSOR_TEMPLATE,
                "'paginator':{'type':'cursor','cursor_path':['c'],'stop_after_empty_page':true}"))
        .isEqualTo(ids0To(3));
    assertThat(server.calls()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "'no'", "'F'", "'0'"})
  void stopsCursorsWhenThereIsNoMore(String noMore) {
    ApiServer server =
        fixture.server(
            call -> {
              int page = call.integer("cursor", 0);
              return Answer.json(
                  "{"
                      + data(page)
                      + ",'more':"
                      + (page < 1 ? "'Yes'" : noMore)
                      + ",'c':"
                      + (page + 1)
                      + "}");
            });
    assertThat(
            read(
                server,
                "/p",
                CURSOR_TEMPLATE,
                "'paginator':{'type':'cursor','cursor_path':['c'],'has_more_path':['more']}"))
        .isEqualTo(ids0To(3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'more':1|found a number",
        "'more':'maybe'|found a string",
        "'more':null|found nothing",
        "'x':1|found nothing",
      })
  void refusesPagesThatDoNotSayWhetherThereIsMore(String more, String message) {
    ApiServer server = fixture.server(call -> Answer.json("{" + data(0) + "," + more + "}"));
    for (String paginator :
        List.of(
            "{'type':'cursor','cursor_path':['c'],'has_more_path':['more']}",
            "{'type':'page_number','has_more_path':['more']}")) {
      DltJavaException failure =
          refused(
              server,
              "/p",
              paginator.contains("cursor") ? CURSOR_TEMPLATE : PAGE_TEMPLATE,
              "'paginator':" + paginator);
      assertThat(failure.code()).isEqualTo(ErrorCode.PAGINATION);
      assertThat(failure).hasMessageContaining("'more' (has_more_path)", message);
    }
  }

  private ApiServer numbered(int pages, String extra) {
    return fixture.server(
        call -> {
          int page = call.integer("page", 0);
          return Answer.json(
              "{" + (page < pages ? data(page) : "'data':[]") + extra.formatted(page) + "}");
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "'5'", "' 5 '", "5.9", "'+0_5'"})
  void countsPagesUpToTheTotal(String total) {
    ApiServer server = numbered(99, ",'meta':{'total':" + total + "}");
    assertThat(
            read(
                server,
                "/p?page=0",
                PAGE_TEMPLATE,
                "'paginator':{'type':'page_number','total_path':['meta','total']}"))
        .isEqualTo(ids0To(9));
    assertThat(server.sortedTargets())
        .containsExactly("/p?page=0", "/p?page=1", "/p?page=2", "/p?page=3", "/p?page=4");
  }

  @Test
  void countsPagesFromTheBase() {
    ApiServer server = numbered(99, ",'total':4");
    assertThat(
            read(
                server,
                "/p?page=2",
                PAGE_TEMPLATE,
                "'paginator':{'type':'page_number','base_page':1,'page':2,'total_path':['total']}"))
        .containsExactly("4", "5", "6", "7", "8", "9");
    assertThat(
            read(
                server,
                "/p?page=1",
                PAGE_TEMPLATE,
                "'paginator':{'type':'page_number','base_page':1,'total_path':['total']}"))
        .hasSize(8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'total':'many'|found 'many'",
        "'total':'5.0'|found '5.0'",
        "'total':[5]|found an array",
        "'total':1e999|found a number",
        "'total':null|found nothing",
        "'x':1|found nothing",
      })
  void refusesTotalsThatAreNoNumbers(String total, String message) {
    ApiServer server = fixture.server(call -> Answer.json("{" + data(0) + "," + total + "}"));
    DltJavaException failure =
        refused(
            server,
            "/p?page=0",
            PAGE_TEMPLATE,
            "'paginator':{'type':'page_number','total_path':['total']}");
    assertThat(failure.code()).isEqualTo(ErrorCode.PAGINATION);
    assertThat(failure).hasMessageContaining("number of pages at 'total' (total_path), " + message);
    assertThat(failure.location().httpStatus()).isZero();
  }

  /// `RangePaginator.update_state` looks at the records first.
  @Test
  void doesNotAskAnEmptyPageForItsTotal() {
    ApiServer server = fixture.server(call -> Answer.json("{'data':[]}"));
    assertThat(
            read(
                server,
                "/p?page=0",
                PAGE_TEMPLATE,
                "'paginator':{'type':'page_number','total_path':['total'],"
                    + "'stop_after_empty_page':true}"))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"3, 3", "1, 1", "0, 1"})
  void countsPagesUpToTheMaximum(int maximum, int pages) {
    ApiServer server = numbered(99, "");
    assertThat(
            read(
                server,
                "/p?page=0",
                PAGE_TEMPLATE,
                "'paginator':{'type':'page_number','maximum_page':" + maximum + "}"))
        .hasSize(2 * pages);
    assertThat(server.calls()).hasSize(pages);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8})
  void countsPagesUpToAnEmptyOne(int ahead) {
    ApiServer server = numbered(10, "");
    assertThat(
            read(
                server,
                "/p?page=0",
                PAGE_TEMPLATE,
                "'pages_ahead':"
                    + ahead
                    + ",'paginator':{'type':'page_number','stop_after_empty_page':true}"))
        .isEqualTo(ids0To(19));
    assertThat(server.calls()).hasSizeBetween(11, 11 + ahead);
    assertThat(server.mostOpen()).isLessThanOrEqualTo(ahead + 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8})
  void countsPagesWhileThereIsMore(int ahead) {
    ApiServer server =
        fixture.server(
            call -> {
              int page = call.integer("page", 0);
              return page > 5
                  ? Answer.status(404)
                  : Answer.json("{" + data(page) + ",'more':" + (page < 5) + "}");
            });
    assertThat(
            read(
                server,
                "/p?page=0",
                PAGE_TEMPLATE,
                "'pages_ahead':"
                    + ahead
                    + ",'paginator':{'type':'page_number','has_more_path':['more']}"))
        .isEqualTo(ids0To(11));
  }

  @Test
  void ignoresWhatHappensToPagesBehindTheEnd() {
    ApiServer server =
        fixture.server(
            call -> {
              int page = call.integer("page", 0);
              return page < 4
                  ? Answer.json("{" + data(page) + "}")
                  : page == 4 ? Answer.json("{'data':[]}") : Answer.status(500);
            });
    assertThat(
            read(
                server,
                "/p?page=0",
                PAGE_TEMPLATE,
                "'paginator':{'type':'page_number','stop_after_empty_page':true}"))
        .isEqualTo(ids0To(7));
  }

  @Test
  void reportsAPageWithinTheChainThatFails() {
    ApiServer server =
        fixture.server(
            call ->
                call.integer("page", 0) == 3
                    ? Answer.status(403)
                    : Answer.json("{" + data(call.integer("page", 0)) + ",'total':9}"));
    DltJavaException failure =
        refused(
            server,
            "/p?page=0",
            PAGE_TEMPLATE,
            "'paginator':{'type':'page_number','total_path':['total']}");
    assertThat(failure.code()).isEqualTo(ErrorCode.STATUS);
    assertThat(failure.location().httpStatus()).isEqualTo(403);
    assertThat(failure.location().url()).endsWith("/p?page=3");
    assertThat(failure).hasMessageStartingWith("endpoint 'posts', page 4: ");
  }

  /// The pages behind the first one meet in fours: with fewer in flight, none would go on.
  @Test
  void fetchesKnownPagesAtATime() {
    CyclicBarrier four = new CyclicBarrier(4);
    ApiServer server =
        fixture.server(
            call -> {
              int page = call.integer("page", 0);
              if (page > 0) {
                await(four);
              }
              return Answer.json("{" + data(page) + ",'total':41}");
            });
    assertThat(
            read(
                server,
                "/p?page=0",
                PAGE_TEMPLATE,
                "'concurrency':4,'paginator':{'type':'page_number','total_path':['total']}"))
        .isEqualTo(ids0To(81));
    assertThat(server.calls()).hasSize(41);
    assertThat(server.mostOpen()).isEqualTo(4);
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (Exception broken) {
      throw new IllegalStateException(broken);
    }
  }

  @Test
  void countsOffsetsUpToTheTotal() {
    ApiServer server =
        fixture.server(
            call -> {
              int offset = call.integer("offset", 0);
              String rows =
                  IntStream.range(offset, Math.min(offset + 2, 5))
                      .mapToObj("{'id':%d}"::formatted)
                      .collect(Collectors.joining(","));
              return Answer.json("{'data':[" + rows + "],'total':5}");
            });
    String first = "/p?limit=2&offset=0";
    assertThat(
            read(
                server,
                first,
                OFFSET_TEMPLATE,
                "'paginator':{'type':'offset','limit':2,'offset':0,'total_path':['total']}"))
        .isEqualTo(ids0To(4));
    assertThat(server.sortedTargets())
        .containsExactly(first, "/p?limit=2&offset=2", "/p?limit=2&offset=4");
    assertThat(
            read(
                server,
                first,
                OFFSET_TEMPLATE,
                "'paginator':{'type':'offset','limit':2,'maximum_offset':3}"))
        .isEqualTo(ids0To(3));
    assertThat(
            read(
                server,
                "/p?limit=2&offset=2",
                OFFSET_TEMPLATE,
                "'paginator':{'type':'offset','limit':2,'offset':2,'stop_after_empty_page':true}"))
        .containsExactly("2", "3", "4");
  }

  @Test
  void writesPageNumbersIntoTheBody() {
    ApiServer server =
        fixture.server(
            call -> {
              int page = Integer.parseInt(call.body().replaceAll("[^0-9]", ""));
              return Answer.json("{" + (page < 3 ? data(page) : "'data':[]") + "}");
            });
    String following =
        ",'method':'POST','body':'[0]','following':{'page':{'url':'%s/p',"
            + "'body':['[',{'slot':'page','encoding':'json'},']']}}";
    assertThat(
            read(
                server,
                "/p",
                following,
                "'paginator':{'type':'page_number','stop_after_empty_page':true}"))
        .isEqualTo(ids0To(5));
    // Nothing is posted on a guess.
    assertThat(server.calls()).hasSize(4);
  }

  /// Records in an array of the first page that come at the end of the chain.
  @Test
  void takesTheLastOfEqualKeys() {
    ApiServer server =
        fixture.server(
            call ->
                Answer.json(
                    call.query().containsKey("page")
                        ? "{" + data(1) + ",'m':{'next':'/p?page=9'},'m':{}}"
                        : "{" + data(0) + ",'m':{'next':'/no'},'m':{'next':'/p?page=1'}}"));
    assertThat(
            read(server, "/p", "", "'paginator':{'type':'json_link','next_url_path':['m','next']}"))
        .isEqualTo(ids0To(3));
  }

  @Test
  void letsTheDecoderSayWhatIsWrongWithAPage() {
    ApiServer server = fixture.server(call -> Answer.json("{'data':[{'id':1},x"));
    DltJavaException failure =
        refused(server, "/p", "", "'paginator':{'type':'json_link','next_url_path':['next']}");
    assertThat(failure.code()).isEqualTo(ErrorCode.JSON);
    assertThat(failure.location().byteOffset()).isPositive();
    assertThat(failure).hasMessageStartingWith("endpoint 'posts', page 1: not valid JSON");
  }
}
