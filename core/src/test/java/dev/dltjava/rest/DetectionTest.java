package dev.dltjava.rest;

import static dev.dltjava.rest.SourceFixture.failure;
import static dev.dltjava.rest.SourceFixture.ids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.http.Header;
import dev.dltjava.http.Headers;
import dev.dltjava.limits.Limits;
import dev.dltjava.rest.ApiServer.Answer;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class DetectionTest {
  private final SourceFixture fixture = new SourceFixture();

  @AfterEach
  void leavesNothing() {
    fixture.close();
  }

  static Stream<String> documents() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    DetectionTest.class.getResourceAsStream("/rest/detection.txt")),
                StandardCharsets.UTF_8))) {
      return lines.lines().filter(line -> !line.startsWith("#")).toList().stream();
    }
  }

  /// The expected paginators and paths were printed by dlt itself.
  @ParameterizedTest
  @MethodSource("documents")
  void detectsWhatDltDoes(String line) throws IOException {
    String[] parts = line.split("\\|", -1);
    FirstPageShape shape =
        FirstPageShape.read(
            Limits.DEFAULT, new ByteArrayInputStream(parts[0].getBytes(StandardCharsets.UTF_8)));
    String found =
        switch (PaginatorDetection.detect(Headers.NONE, shape)) {
          case Paginator.SinglePage _ -> "single_page|";
          case Paginator.JsonLink link -> "json_link|" + link.nextUrl();
          case Paginator.JsonCursor cursor -> "cursor|" + cursor.cursor();
          case Paginator.Range range -> "page_number|" + range.total().orElseThrow();
          case Paginator other -> other.toString();
        };
    assertThat(found).isEqualTo(parts[1] + "|" + parts[2]);
    String records = String.join(".", shape.records());
    assertThat(records.isEmpty() ? "$" : records).isEqualTo(parts[3]);
  }

  @Test
  void prefersTheLinkInTheHeader() throws IOException {
    FirstPageShape shape =
        FirstPageShape.read(
            Limits.DEFAULT,
            new ByteArrayInputStream("{\"next\":\"/x\"}".getBytes(StandardCharsets.UTF_8)));
    Headers headers = new Headers(List.of(new Header("Link", "</y>; rel=next")));
    assertThat(PaginatorDetection.detect(headers, shape))
        .isEqualTo(new Paginator.HeaderLink("next"));
  }

  private List<String> read(ApiServer server, String following) {
    return ids(
        fixture.open(
            "{'requests':[{'url':'"
                + server.origin()
                + "/p'"
                + following.formatted(server.origin())
                + "}],'paginator':{'type':'auto'},'records':'detect'}$"));
  }

  @Test
  void followsADetectedLinkAndTakesDetectedRecords() {
    ApiServer server =
        fixture.server(
            call ->
                Answer.json(
                    call.query().isEmpty()
                        ? "{'other':[9],'x':{'items':[{'id':1},{'id':2}]},'next':'/p?page=1'}"
                        : call.integer("page", 0) == 1
                            ? "{'data':[{'id':8}],'x':{'items':[{'id':3}]},'next':'/p?page=2'}"
                            : "{'data':[{'id':9}],'next':null}"));
    assertThat(read(server, "")).containsExactly("1", "2", "3");
    assertThat(server.calls()).hasSize(3);
  }

  /// dlt counts the first page, which it requests without a number, as page 0.
  @Test
  void countsDetectedPagesFromTheSecond() {
    ApiServer server =
        fixture.server(
            call ->
                Answer.json("{'rows':[{'id':" + call.integer("page", 0) + "}],'total_pages':'4'}"));
    assertThat(read(server, ",'following':{'page':{'url':['%s/p?page=',{'slot':'page'}]}}"))
        .containsExactly("0", "1", "2", "3");
    assertThat(server.sortedTargets()).containsExactly("/p", "/p?page=1", "/p?page=2", "/p?page=3");
  }

  @Test
  void detectsForEachChainByItself() {
    ApiServer server =
        fixture.server(
            call ->
                Answer.json(
                    switch (call.path() + call.integer("page", 0)) {
                      case "/a0" -> "{'data':[{'id':1}],'next':'/a?page=1'}";
                      case "/a1" -> "{'data':[{'id':2}]}";
                      default -> "[{'id':3}]";
                    }));
    assertThat(
            ids(
                fixture.open(
                    "{'requests':[{'url':'%1$s/a'},{'url':'%1$s/b'}],".formatted(server.origin())
                        + "'paginator':{'type':'auto'},'records':'detect'}$")))
        .containsExactly("1", "2", "3");
  }

  @Test
  void saysWhichTemplateADetectedPaginatorNeeds() {
    ApiServer server = fixture.server(call -> Answer.json("{'next':'abc'}"));
    DltJavaException failure =
        failure(
            fixture.open(
                "{'requests':[{'url':'%s/a'}],".formatted(server.origin())
                    + "'paginator':{'type':'auto'}}$"));
    assertThat(failure.code()).isEqualTo(ErrorCode.PAGINATION);
    assertThat(failure).hasMessageContaining("following.cursor");
  }
}
