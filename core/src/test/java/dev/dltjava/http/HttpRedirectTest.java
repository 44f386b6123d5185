package dev.dltjava.http;

import static dev.dltjava.http.HttpFixture.await;
import static dev.dltjava.http.HttpFixture.failure;
import static dev.dltjava.http.HttpFixture.get;
import static dev.dltjava.http.HttpFixture.text;
import static dev.dltjava.http.ScriptedServer.always;
import static dev.dltjava.http.ScriptedServer.ok;
import static dev.dltjava.http.ScriptedServer.once;
import static dev.dltjava.http.ScriptedServer.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpRedirectTest {
  private static final Headers CREDENTIALS =
      new Headers(
          List.of(
              new Header("Authorization", "Bearer t"),
              new Header("Cookie", "c=1"),
              new Header("X-Api-Key", "k"),
              new Header("x-private-token", "p"),
              new Header("X-Other", "o")));

  private final HttpFixture fixture = new HttpFixture();

  @AfterEach
  void leavesNothing() {
    fixture.close();
  }

  private static ScriptedServer.Script redirectThenOk(String statusLine, String location) {
    return peer -> {
      peer.readRequest();
      peer.write(status(statusLine, "location: " + location));
      peer.readRequest();
      peer.write(ok("abc"));
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"301 M", "302 F", "303 S", "307 T", "308 P"})
  void follows(String statusLine) {
    ScriptedServer server = fixture.server(redirectThenOk(statusLine, "b?c=d e#f"));
    HttpClient client = fixture.client();

    HttpResponse response = get(client, server.url("/x/a"));

    assertThat(response.url()).isEqualTo(URI.create(server.url("/x/b?c=d%20e")));
    assertThat(text(response)).isEqualTo("abc");
    assertThat(server.connections()).isEqualTo(1);
    assertThat(client.statistics().redirects()).isEqualTo(1);
  }

  @Test
  void returnsRedirectsWithoutALocation() {
    ScriptedServer server = fixture.server(once(status("302 Found")));

    try (HttpResponse response = get(fixture.client(), server.url("/"))) {
      assertThat(response.status()).isEqualTo(302);
    }
  }

  @Test
  void keepsCredentialsForTheSameServer() {
    ScriptedServer server = fixture.server(redirectThenOk("302 Found", "/b"));

    await(fixture.client().fetch(HttpRequest.get(server.url("/a"), CREDENTIALS))).close();

    assertThat(server.requests().get(1)).contains("Authorization: Bearer t", "Cookie: c=1");
  }

  @Test
  void dropsCredentialsForAnotherServer() {
    ScriptedServer other = fixture.server(always(ok("abc")));
    ScriptedServer server =
        fixture.server(always(status("302 Found", "location: " + other.url("/"))));

    await(fixture.client().fetch(HttpRequest.get(server.url("/a"), CREDENTIALS))).close();

    assertThat(other.requests().getFirst())
        .contains("X-Other: o")
        .doesNotContainIgnoringCase("authorization")
        .doesNotContainIgnoringCase("cookie")
        .doesNotContainIgnoringCase("api-key")
        .doesNotContainIgnoringCase("token");
  }

  @Test
  void turnsAPostIntoAGetAfterSeeOther() {
    ScriptedServer server = fixture.server(redirectThenOk("303 See Other", "/b"));
    URI url = URI.create(server.url("/a"));

    await(fixture.client().fetch(new HttpRequest("POST", url, Headers.NONE, "x"))).close();

    assertThat(server.requests().get(1)).startsWith("GET /b ").doesNotContain("content-length");
  }

  @Test
  void keepsAPostOverATemporaryRedirect() {
    ScriptedServer server = fixture.server(redirectThenOk("307 T", "/b"));
    URI url = URI.create(server.url("/a"));

    await(fixture.client().fetch(new HttpRequest("POST", url, Headers.NONE, "x"))).close();

    assertThat(server.requests().get(1)).startsWith("POST /b ").endsWith("\r\n\r\nx");
  }

  @Test
  void reportsALoop() {
    ScriptedServer server = fixture.server(always(status("302 Found", "location: /a")));
    HttpClient client = fixture.client();

    DltJavaException failure = failure(client, server.url("/a"));

    assertThat(failure.code()).isEqualTo(ErrorCode.PROTOCOL);
    assertThat(failure).hasMessageContaining("loop");
    assertThat(server.requests()).hasSize(31);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://h/", "http://", "http://h:99999/", "file:///etc/passwd", "http://[/"})
  void reportsALocationThatCannotBeFetched(String location) {
    ScriptedServer server = fixture.server(always(status("302 Found", "location: " + location)));

    assertThat(failure(fixture.client(), server.url("/")).code()).isEqualTo(ErrorCode.PROTOCOL);
  }

  @Test
  void triesAgainFromTheFirstUrl() {
    ScriptedServer server =
        fixture.server(
            peer -> {
              peer.readRequest();
              peer.write(status("302 Found", "location: /b"));
              peer.readRequest();
              peer.write(status("503 Busy"));
              peer.readRequest();
              peer.write(ok("abc"));
            });

    get(fixture.client(), server.url("/a")).close();

    assertThat(server.requests())
        .extracting(request -> request.substring(0, 6))
        .containsExactly("GET /a", "GET /b", "GET /a");
  }
}
