package dev.dltjava.rest;

import static dev.dltjava.rest.SourceFixture.failure;
import static dev.dltjava.rest.SourceFixture.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.pipeline.RecordSource;
import dev.dltjava.rest.ApiServer.Answer;
import dev.dltjava.rest.ApiServer.Call;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Credentials reach the chain's own server, and nothing else.
final class AuthenticationTest {
  private static final String AUTH =
      ",'auth_headers':{'Authorization':'Bearer s3cret'},'auth_query':{'sig':'s3cr&t'}";
  private static final String LINKS = ",'paginator':{'type':'json_link','next_url_path':['next']}";

  private final SourceFixture fixture = new SourceFixture();

  @AfterEach
  void leavesNothing() {
    fixture.close();
  }

  private static boolean isAuthorized(Call call) {
    return "Bearer s3cret".equals(call.headers().get("Authorization"))
        && call.parameter("sig").equals("s3cr%26t");
  }

  private static boolean isBare(Call call) {
    return !call.headers().containsKey("Authorization") && call.parameter("sig").isEmpty();
  }

  @Test
  void sendsCredentialsWithEachPageOfTheChain() {
    ApiServer server =
        fixture.server(
            call ->
                Answer.json(
                    "{'id':1,'next':"
                        + (call.query().containsKey("page") ? "null" : "'/p?page=1'")
                        + "}"));
    ids(
        fixture.open(
            "{'requests':[{'url':'%s/p','headers':{'authorization':'mine','X-A':'b'}}]"
                    .formatted(server.origin())
                + AUTH
                + LINKS
                + "}$"));
    assertThat(server.calls()).hasSize(2).allMatch(AuthenticationTest::isAuthorized);
    assertThat(server.calls()).allMatch(call -> "b".equals(call.headers().get("X-a")));
    assertThat(server.targets().get(0)).isEqualTo("/p?sig=s3cr%26t");
  }

  @Test
  void sendsNoneToAnotherServerThatALinkNames() {
    ApiServer other = fixture.server(call -> Answer.json("{'id':2}"));
    ApiServer server =
        fixture.server(call -> Answer.json("{'id':1,'next':'" + other.origin() + "/p'}"));
    assertThat(
            ids(
                fixture.open(
                    "{'requests':[{'url':'%s/p'}],'headers':{'Cookie':'c=1'}"
                            .formatted(server.origin())
                        + AUTH
                        + LINKS
                        + "}$")))
        .containsExactly("1", "2");
    assertThat(server.calls()).allMatch(AuthenticationTest::isAuthorized);
    assertThat(other.calls()).hasSize(1).allMatch(AuthenticationTest::isBare);
    assertThat(other.calls().get(0).headers()).doesNotContainKey("Cookie");
  }

  @Test
  void sendsNoneToAnotherServerThatARedirectNames() {
    ApiServer other = fixture.server(call -> Answer.json("{'id':2}"));
    ApiServer server =
        fixture.server(
            call -> new Answer(302, "", Map.of("Location", other.origin() + call.path())));
    assertThat(
            ids(
                fixture.open(
                    "{'requests':[{'url':'%s/p'}]".formatted(server.origin()) + AUTH + "}$")))
        .containsExactly("2");
    assertThat(server.calls()).allMatch(AuthenticationTest::isAuthorized);
    assertThat(other.calls()).hasSize(1).allMatch(AuthenticationTest::isBare);
  }

  /// A server may repeat the parameter in its links.
  @Test
  void keepsCredentialsOutOfErrors() {
    ApiServer server =
        fixture.server(
            call ->
                call.query().containsKey("page")
                    ? Answer.status(401)
                    : Answer.json("{'id':1,'next':'/p?sig=s3cr%26t&page=1'}"));
    RecordSource source =
        fixture.open(
            "{'requests':[{'url':'%s/p'}]".formatted(server.origin()) + AUTH + LINKS + "}$");
    DltJavaException failure = failure(source);
    assertThat(failure.code()).isEqualTo(ErrorCode.STATUS);
    assertThat(failure.location().url()).endsWith("/p?sig=***&page=1");
    assertThat(failure.getMessage() + source.statistics()).doesNotContain("s3cr");
  }

  /// It may even take the value apart, write it otherwise, or name it otherwise.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/p/s3cr&t/x?page=1",
        "/p?other=s3cr%26t&page=1",
        "/p?page=1&x=y%73%33cr%26t",
        "/p?page=1&back=%2Fp%3Fsig%3Ds3cr%2526t",
        "/p?page=1&b=s3cret",
        "/p?page=1&b=Bearer%20S3CRET%2Ds3cret",
      })
  void keepsValuesThatServersRepeatOutOfErrors(String link) {
    ApiServer server =
        fixture.server(
            call ->
                call.query().containsKey("page")
                    ? Answer.status(401)
                    : Answer.json("{'id':1,'next':'" + link + "'}"));
    RecordSource source =
        fixture.open(
            "{'requests':[{'url':'%s/p'}],'request_log':9".formatted(server.origin())
                + AUTH
                + LINKS
                + "}$");
    DltJavaException failure = failure(source);
    assertThat(failure.code()).isEqualTo(ErrorCode.STATUS);
    assertThat(failure.location().url()).contains("***");
    assertThat(failure.getMessage() + failure.location() + source.statistics())
        .contains("page=1")
        .doesNotContain("s3cr", "%73%33cr");
  }

  @Test
  void sendsHeadersOfTheConfigurationThatLookLikeCredentialsToNoOtherServer() {
    ApiServer other = fixture.server(call -> Answer.json("{'id':2}"));
    ApiServer server =
        fixture.server(call -> Answer.json("{'id':1,'next':'" + other.origin() + "/p'}"));
    ids(
        fixture.open(
            "{'requests':[{'url':'%s/p','headers':{'X-Auth-Token':'a'}}]".formatted(server.origin())
                + ",'headers':{'X-API-Key':'b','X-Tenant':'c'}"
                + LINKS
                + "}$"));
    assertThat(server.calls().get(0).headers()).containsKeys("X-auth-token", "X-api-key");
    assertThat(other.calls().get(0).headers())
        .containsEntry("X-tenant", "c")
        .doesNotContainKeys("X-auth-token", "X-api-key");
  }

  @Test
  void takesNewCredentialsForLaterRequests() throws InterruptedException {
    CountDownLatch renewed = new CountDownLatch(1);
    ApiServer server =
        fixture.server(
            call -> {
              if (!call.query().containsKey("page")) {
                awaitQuietly(renewed);
                return Answer.json("{'id':1,'next':'/p?page=1'}");
              }
              return Answer.json("{'id':2}");
            });
    RecordSource source =
        fixture.open(
            "{'requests':[{'url':'%s/p'}]".formatted(server.origin()) + AUTH + LINKS + "}$");
    while (server.calls().isEmpty()) {
      Thread.onSpinWait();
    }
    source.authorize("{\"auth_headers\":{\"Authorization\":\"Bearer new\"}}");
    renewed.countDown();
    assertThat(ids(source)).containsExactly("1", "2");
    List<String> sent =
        server.calls().stream().map(call -> call.headers().get("Authorization")).toList();
    assertThat(sent).containsExactly("Bearer s3cret", "Bearer new");
    assertThat(server.calls().get(1).parameter("sig")).isEmpty();
  }

  @Test
  void refusesCredentialsThatCannotBeSentWithoutShowingThem() {
    ApiServer server = fixture.server(call -> Answer.json("{'id':2}"));
    RecordSource source = fixture.open("{'requests':[{'url':'%s/p'}]}$".formatted(server.origin()));
    for (String json :
        List.of(
            "{\"auth_headers\":{\"A\":\"s3cret\\n\"}}",
            "{\"auth_headers\":{\"A\":[\"s3cret\"]}}",
            "{\"auth_query\":\"s3cret\"}",
            "{\"auth\":\"s3cret\"}")) {
      assertThatThrownBy(() -> source.authorize(json))
          .isInstanceOf(DltJavaException.class)
          .hasMessageContaining("auth")
          .hasMessageNotContaining("s3cret");
    }
    ids(source);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
