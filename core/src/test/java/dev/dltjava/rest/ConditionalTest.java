package dev.dltjava.rest;

import static dev.dltjava.rest.SourceFixture.failure;
import static dev.dltjava.rest.SourceFixture.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.error.ErrorCode;
import dev.dltjava.pipeline.RecordSource;
import dev.dltjava.rest.ApiServer.Answer;
import dev.dltjava.rest.ApiServer.Call;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Pages that are asked for only if they have changed since an earlier source delivered them.
final class ConditionalTest {
  private static final String OF_BODY =
      "'paginator':{'type':'json_link','next_url_path':['next']},'record_path':['data'],";

  private static final String CURSOR = "[{'slot':'cursor','encoding':'query'}]";

  private final SourceFixture fixture = new SourceFixture();

  /// What pages were changed to: path and query to a version.
  private final Map<Integer, Integer> versions = new ConcurrentHashMap<>();

  private int pages = 3;
  private boolean linkOnUnchanged = true;

  @AfterEach
  void leavesNothing() {
    fixture.close();
  }

  /// Page `p` of `pages` in version `v` has the record `p.v`, and the entity tag says both.
  private Answer answer(Call call) {
    int page = call.integer("page", call.integer("cursor", 0));
    if (page >= pages) {
      return revalidated(call, Answer.json("{'data':[],'total':" + pages + "}"), page);
    }
    int version = versions.getOrDefault(page, 0);
    String next = call.path() + "?page=" + (page + 1);
    boolean isLast = page + 1 == pages;
    String members =
        (isLast ? "" : ",'next':'" + next + "','cursor':" + (page + 1))
            + (",'more':" + !isLast + ",'total':" + pages);
    Answer whole =
        Answer.json(
            call.path().startsWith("/list")
                ? "[{'id':'" + page + "." + version + "'}]"
                : "{'data':[{'id':'" + page + "." + version + "'}]" + members + "}");
    Answer answer = revalidated(call, whole, page);
    if (isLast || !call.path().startsWith("/list") || answer.status() == 304 && !linkOnUnchanged) {
      return answer;
    }
    return answer
        .with("Link", "<" + next + ">; rel=\"next\"")
        .with("X-Cursor", String.valueOf(page + 1));
  }

  private Answer revalidated(Call call, Answer whole, int page) {
    String etag = "W/\"" + page + "-" + versions.getOrDefault(page, 0) + "\"";
    Answer answer =
        etag.equals(call.headers().get("If-none-match")) ? new Answer(304, "", Map.of()) : whole;
    return answer.with("ETag", etag);
  }

  private ApiServer server() {
    return fixture.server(this::answer);
  }

  private static String requests(String url, String following) {
    return "'requests':[{'url':'" + url + "','name':'e','following':{" + following + "}}],";
  }

  private static String following(String origin, String path, String slot) {
    String value = CURSOR.replace("cursor", slot);
    return "'%s':{'url':['%s%s?page=',%s]}"
        .formatted(slot, origin, path, value.substring(1, value.length() - 1));
  }

  /// What a source remembers, as the next one takes it.
  private static String memory(RecordSource source) {
    String statistics = source.statistics();
    int start = statistics.indexOf("\"delivered_pages\":");
    assertThat(start).as(statistics).isPositive();
    return statistics.substring(start + "\"delivered_pages\":".length(), statistics.length() - 1);
  }

  private RecordSource open(String options, String memory) {
    return fixture.open("{" + options + "'conditional':{'pages':" + memory + "}}$");
  }

  private static long unchanged(RecordSource source) {
    String after = source.statistics().split("\"not_modified\":", 2)[1];
    return Long.parseLong(after.split("[,}]", 2)[0]);
  }

  private record Kind(String options, String first) {}

  private static Kind kind(String name, String origin) {
    String paging =
        switch (name) {
          case "json_link" -> "'type':'json_link','next_url_path':['next']";
          case "cursor" -> "'type':'cursor','cursor_path':['cursor']";
          case "cursor_more" -> "'type':'cursor','cursor_path':['cursor'],'has_more_path':['more']";
          case "page_total" -> "'type':'page_number','total_path':['total']";
          case "page_empty" -> "'type':'page_number','stop_after_empty_page':true";
          case "page_more" -> "'type':'page_number','has_more_path':['more']";
          case "page_maximum" -> "'type':'page_number','maximum_page':3";
          default -> "'type':'auto'";
        };
    String path = name.equals("auto_link") ? "/list" : "/object";
    String records = name.startsWith("auto") ? "'records':'detect'," : "'record_path':['data'],";
    String first = origin + path + (name.startsWith("auto") ? "" : "?page=0");
    String templates = following(origin, path, "cursor") + "," + following(origin, path, "page");
    return new Kind("'paginator':{" + paging + "}," + records + requests(first, templates), first);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "json_link",
        "cursor",
        "cursor_more",
        "page_total",
        "page_empty",
        "page_more",
        "page_maximum",
        "auto"
      })
  void deliversNothingOfPagesThatAreUnchangedAndAsksForAllOfThem(String name) {
    ApiServer server = server();
    String options = kind(name, server.origin()).options();
    RecordSource first = open(options, "{}");
    assertThat(ids(first)).containsExactly("0.0", "1.0", "2.0");
    assertThat(unchanged(first)).isZero();

    // Pages that are fetched ahead, behind the end, may have bodies.
    assertThat(ids(open(options, memory(first)))).isEmpty();
    RecordSource second = open(options + "'pages_ahead':0,", memory(first));
    assertThat(ids(second)).isEmpty();
    assertThat(unchanged(second)).isGreaterThanOrEqualTo(3);
    assertThat(second.statistics()).contains("\"body_bytes\":0");
    assertThat(memory(second)).isEqualTo(memory(first));
  }

  @ParameterizedTest
  @CsvSource({
    "json_link,0",
    "json_link,1",
    "json_link,2",
    "cursor,1",
    "page_total,1",
    "auto,0",
    "auto,1",
    "auto,2"
  })
  void deliversAPageThatHasChanged(String name, int changed) {
    ApiServer server = server();
    String options = kind(name, server.origin()).options();
    RecordSource first = open(options, "{}");
    ids(first);
    versions.put(changed, 1);

    RecordSource second = open(options, memory(first));
    assertThat(ids(second)).containsExactly(changed + ".1");
    RecordSource third = open(options, memory(second));
    assertThat(ids(third)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"json_link", "cursor", "page_total", "page_empty", "page_more", "auto"})
  void findsPagesThatAreNewBehindTheLastOne(String name) {
    ApiServer server = server();
    String options = kind(name, server.origin()).options();
    RecordSource first = open(options, "{}");
    ids(first);
    pages = 4;
    // What leads on is in their bodies, so they have changed.
    if (!name.equals("page_empty")) {
      versions.putAll(Map.of(0, 1, 1, 1, 2, 1));
    } else {
      versions.put(3, 1);
    }

    assertThat(ids(open(options, memory(first)))).last().asString().startsWith("3.");
  }

  @ParameterizedTest
  @CsvSource({
    "header_link,true",
    "header_link,false",
    "header_cursor,true",
    "header_cursor,false",
    "auto,true",
    "auto,false"
  })
  void goesOnByHeadersOnlyIfTheAnswerHasThem(String type, boolean linkOnUnchanged) {
    this.linkOnUnchanged = linkOnUnchanged;
    ApiServer server = server();
    String key = type.equals("header_cursor") ? ",'cursor_key':'X-Cursor'" : "";
    String options =
        "'paginator':{'type':'"
            + type
            + "'"
            + key
            + "},"
            + requests(
                server.origin() + "/list",
                following(server.origin(), "/list", "cursor")
                    + ","
                    + following(server.origin(), "/list", "page"));
    RecordSource first = open(options, "{}");
    assertThat(ids(first)).containsExactly("0.0", "1.0", "2.0");
    assertThat(server.calls()).hasSize(3);

    // The last page is asked for whole, as one may follow it by now.
    pages = 4;
    List<String> second = ids(open(options, memory(first)));
    if (linkOnUnchanged) {
      assertThat(second).containsExactly("2.0", "3.0");
      assertThat(server.calls()).hasSize(7);
    } else {
      assertThat(second).containsExactly("0.0", "1.0", "2.0", "3.0");
      assertThat(server.calls()).hasSize(9);
    }
  }

  @Test
  void asksForTheWholePageIfAHeaderLeadsElsewhereThanItsBody() {
    boolean[] links = {false};
    ApiServer server =
        fixture.server(
            call -> {
              Answer answer = answer(call);
              return links[0] && call.integer("page", 0) == 0
                  ? answer.with("Link", "<" + call.path() + "?page=2>; rel=\"next\"")
                  : answer;
            });
    String options = kind("auto", server.origin()).options();
    RecordSource first = open(options, "{}");
    ids(first);
    links[0] = true;
    assertThat(ids(open(options, memory(first)))).containsExactly("0.0", "2.0");
    assertThat(server.targets()).endsWith("/object", "/object", "/object?page=2");
  }

  /// The second page is as it was, but its records were not where they are looked for now.
  @Test
  void knowsNothingOfAPageThatAChangedFirstPageReadsInAnotherWay() {
    boolean[] isMoved = {false};
    ApiServer server =
        fixture.server(
            call -> {
              int page = call.integer("page", 0);
              String next = page == 0 ? "'/a?page=1'" : "null";
              String records = "'data':[{'id':'d" + page + "'}]";
              String body =
                  page == 1
                      ? "{" + records + ",'results':[{'id':'r1'}],'next':null}"
                      : "{"
                          + (isMoved[0] ? "'results':[{'id':'r0'}]" : records)
                          + ",'next':"
                          + next
                          + "}";
              return revalidated(call, Answer.json(body), page);
            });
    String options =
        "'paginator':{'type':'auto'},'records':'detect'," + requests(server.origin() + "/a", "");
    RecordSource first = open(options, "{}");
    assertThat(ids(first)).containsExactly("d0", "d1");
    isMoved[0] = true;
    versions.put(0, 1);
    assertThat(ids(open(options, memory(first)))).containsExactly("r0", "r1");
  }

  @Test
  void doesNotRememberASinglePageThatWasFoundToBeOne() {
    pages = 1;
    ApiServer server = server();
    String options = "'paginator':{'type':'auto'}," + requests(server.origin() + "/list", "");
    RecordSource first = open(options, "{}");
    ids(first);
    assertThat(memory(first)).isEqualTo("{}");
    String named = options.replace("auto", "single_page");
    RecordSource second = open(named, "{}");
    ids(second);
    assertThat(ids(open(named, memory(second)))).isEmpty();
  }

  @Test
  void remembersNothingOfASourceThatFailed() {
    ApiServer server =
        fixture.server(call -> call.integer("page", 0) == 2 ? Answer.status(403) : answer(call));
    RecordSource source = open(OF_BODY + requests(server.origin() + "/object", ""), "{}");
    assertThat(failure(source).code()).isEqualTo(ErrorCode.STATUS);
    assertThat(source.statistics()).doesNotContain("delivered_pages");
  }

  @Test
  void remembersNothingWithoutTheOption() {
    ApiServer server = server();
    RecordSource source =
        fixture.open(
            "{" + OF_BODY + requests(server.origin() + "/object", "") + "'pages_ahead':1}$");
    ids(source);
    assertThat(source.statistics()).doesNotContain("delivered_pages");
  }

  @Test
  void remembersNoMorePagesThanItMay() {
    ApiServer server = server();
    String options = OF_BODY + requests(server.origin() + "/object", "");
    RecordSource source = fixture.open("{" + options + "'conditional':{'most_pages':2}}$");
    ids(source);
    assertThat(ids(open(options, memory(source)))).containsExactly("2.0");
  }

  private RecordSource twice(ApiServer server, String options) {
    RecordSource first = open(options, "{}");
    ids(first);
    RecordSource second = open(options, memory(first));
    ids(second);
    assertThat(server.calls()).isNotEmpty();
    return second;
  }

  private static String single(ApiServer server) {
    return requests(server.origin() + "/a", "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ETag: \"a\" | If-none-match: \"a\"",
        "ETag: W/\"a\" | If-none-match: W/\"a\"",
        "ETag: W/\"a\"; Last-Modified: Mon, 02 Jan 2023 00:00:00 GMT | If-none-match: W/\"a\"",
        "Last-Modified: Mon, 02 Jan 2023 00:00:00 GMT"
            + " | If-modified-since: Mon, 02 Jan 2023 00:00:00 GMT",
        "ETag: \"a\"; Cache-Control: private, max-age=0 | If-none-match: \"a\"",
        "ETag: \"a\"; Vary: Accept | If-none-match: \"a\"",
        "ETag: \"a\"; Cache-Control: private, No-Store | ",
        "ETag: \"a\"; Vary: * | ",
        "Last-Modified: yesterday | ",
        "Last-Modified: Mon, 02 Jan 2090 00:00:00 GMT | ",
        "Content-Language: en | ",
      })
  void sendsBackWhatTheServerSaid(String said, String sent) {
    ApiServer server =
        fixture.server(
            call -> {
              Answer answer = Answer.json("[{'id':'1'}]");
              for (String line : said.split("; (?=[A-Z])", -1)) {
                String[] header = line.strip().split(": ", 2);
                answer = answer.with(header[0], header[1]);
              }
              return answer;
            });
    twice(server, single(server));
    Map<String, String> headers = server.calls().getLast().headers();
    String actual = "";
    for (String name : List.of("If-none-match", "If-modified-since")) {
      actual += headers.containsKey(name) ? name + ": " + headers.get(name) : "";
    }
    assertThat(actual).isEqualTo(sent == null ? "" : sent);
  }

  /// The header of an entity tag is not for where a redirect leads, and what comes from there is
  /// not the content of the page's own URL.
  @Test
  void doesNotRememberRedirectedPages() {
    ApiServer server =
        fixture.server(
            call ->
                call.path().equals("/a")
                    ? new Answer(302, "", Map.of("Location", "/b"))
                    : Answer.json("[{'id':'1'}]").with("ETag", "\"b\""));
    RecordSource first = open(single(server), "{}");
    ids(first);
    assertThat(memory(first)).isEqualTo("{}");
  }

  @Test
  void asksNothingOfWhereARedirectLeads() {
    ApiServer server =
        fixture.server(
            call ->
                call.path().equals("/a") && call.number() > 1
                    ? new Answer(302, "", Map.of("Location", "/b"))
                    : Answer.json("[{'id':'1'}]").with("ETag", "\"a\""));
    RecordSource second = twice(server, single(server));
    assertThat(server.targets()).containsExactly("/a", "/a", "/b");
    assertThat(server.calls().get(1).headers()).containsKey("If-none-match");
    assertThat(server.calls().get(2).headers()).doesNotContainKey("If-none-match");
    assertThat(memory(second)).isEqualTo("{}");
  }

  @Test
  void asksForPostsAndForRequestsWithConditionsOfTheirOwnAsTheyAre() {
    ApiServer server = fixture.server(call -> Answer.json("[{'id':'1'}]").with("ETag", "\"a\""));
    String post = single(server).replace("'name'", "'method':'POST','name'");
    String own = single(server).replace("'name'", "'headers':{'if-none-match':'\\\"b\\\"'},'name'");
    assertThat(memory(twice(server, post))).isEqualTo("{}");
    assertThat(memory(twice(server, own))).isEqualTo("{}");
    assertThat(server.calls().getLast().headers()).containsEntry("If-none-match", "\"b\"");
  }

  @Test
  void refusesAnAnswerUnchangedThatNobodyAskedFor() {
    ApiServer server = fixture.server(call -> Answer.status(304).with("ETag", "\"a\""));
    assertThat(failure(open(single(server), "{}")).code()).isEqualTo(ErrorCode.JSON);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'headers':{'X-View':'other'}",
        "'fields':'{\\\"parent\\\":2}'",
      })
  void knowsNothingOfAPageThatIsAskedForInAnotherWay(String difference) {
    ApiServer server = server();
    String options = OF_BODY + requests(server.origin() + "/object", "");
    RecordSource first = open(options, "{}");
    ids(first);
    String other = options.replace("'name'", difference + ",'name'");
    assertThat(ids(open(other, memory(first)))).contains("0.0");
  }

  @Test
  void knowsNothingOfAPageThatWasReadInAnotherWay() {
    ApiServer server = server();
    String options = OF_BODY + requests(server.origin() + "/object", "");
    RecordSource first = open(options, "{}");
    ids(first);
    String other = options.replace("'record_path':['data']", "'records':'detect'");
    assertThat(ids(open(other, memory(first)))).hasSize(3);
    String memory = memory(first);
    RecordSource elsewhere =
        fixture.open("{" + options + "'conditional':{'context':'b','pages':" + memory + "}}$");
    assertThat(ids(elsewhere)).hasSize(3);
  }

  @Test
  void keepsSecretsOutOfWhatItRemembers() {
    ApiServer server =
        fixture.server(
            call -> {
              int page = call.integer("page", 0);
              String next =
                  switch (page) {
                    case 0 -> ",'next':'/a?api_key=s3cret&page=1'";
                    case 1 -> ",'next':'/a?page=2&sig=hidden%2F1'";
                    case 2 -> ",'next':'/a?page=3'";
                    default -> "";
                  };
              return Answer.json("{'data':[{'id':'1'}]" + next + "}")
                  .with("ETag", "\"" + page + "\"");
            });
    String options =
        OF_BODY
            + "'auth_query':{'own':'hidden/1'},"
            + requests(server.origin() + "/a?token=s3cret", "");
    RecordSource source = open(options, "{}");
    assertThat(ids(source)).hasSize(4);
    String memory = memory(source);
    assertThat(memory).doesNotContain("s3cret", "hidden").contains("/a?page=3");
    ids(open(options, memory));
    // Those that lead on with a secret are asked for whole.
    assertThat(
            server.calls().subList(4, 8).stream()
                .map(call -> call.headers().containsKey("If-none-match")))
        .containsExactly(false, false, true, true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'k':{}}",
        "{'k':{'etag':'a','last_modified':'b'}}",
        "{'k':{'etag':'a\\nb'}}",
        "{'k':{'etag':'a','values':'['}}",
        "{'k':{'etag':'a','other':1}}",
        "{'k':{'etag':'a','paginator':{'type':'nothing'}}}",
      })
  void refusesPagesThatItHasNotWritten(String pages) {
    assertThatThrownBy(() -> open(requests("http://localhost/", ""), pages))
        .hasMessageContaining("conditional.pages.k.")
        .hasFieldOrPropertyWithValue("code", ErrorCode.OPTIONS);
  }
}
