package dev.dltjava.http;

import static dev.dltjava.http.HttpFixture.await;
import static dev.dltjava.http.HttpFixture.get;
import static dev.dltjava.http.HttpFixture.text;
import static dev.dltjava.http.ScriptedServer.always;
import static dev.dltjava.http.ScriptedServer.ok;
import static dev.dltjava.http.ScriptedServer.once;
import static dev.dltjava.http.ScriptedServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.limits.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HttpFetchTest {
  private final HttpFixture fixture = new HttpFixture();

  @AfterEach
  void leavesNothing() {
    fixture.close();
  }

  @Test
  void deliversStatusHeadersAndBody() {
    ScriptedServer server =
        fixture.server(
            once("HTTP/1.1 200 OK\r\nX-Next: a\r\nx-next: b\r\ncontent-length: 4\r\n\r\nbody"));
    Instant before = Instant.now();

    try (HttpResponse response = get(fixture.client(), server.url("/a?b=c"))) {
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.headers().first("X-NEXT")).contains("a");
      assertThat(response.headers().all("x-next")).containsExactly("a", "b");
      assertThat(response.url()).isEqualTo(URI.create(server.url("/a?b=c")));
      assertThat(response.receivedAt()).isBetween(before, Instant.now());
      assertThat(response.bodyBytes()).isEqualTo(4);
      assertThat(text(response)).isEqualTo("body");
    }
  }

  @Test
  void sendsTheUsualHeaders() {
    ScriptedServer server = fixture.server(once(ok("")));

    get(fixture.client(), server.url("/a%20b?c=d#e")).close();

    assertThat(server.requests().getFirst())
        .isEqualTo(
            "GET /a%20b?c=d HTTP/1.1\r\nhost: 127.0.0.1:"
                + server.port()
                + "\r\nuser-agent: dlt-java/test\r\naccept: */*\r\n"
                + "accept-encoding: gzip, deflate\r\n\r\n");
  }

  @Test
  void sendsTheHeadersOfTheRequestInstead() {
    ScriptedServer server = fixture.server(once(ok("")));
    Headers headers =
        new Headers(List.of(new Header("User-Agent", "mine"), new Header("X-Key", "1")));

    await(fixture.client().fetch(HttpRequest.get(server.url("/"), headers))).close();

    assertThat(server.requests().getFirst())
        .contains("User-Agent: mine\r\n", "X-Key: 1\r\n")
        .doesNotContain("dlt-java");
  }

  @Test
  void sendsUserAndPasswordOfTheUrlAsBasicAuthorization() {
    ScriptedServer server = fixture.server(once(ok("")));

    get(fixture.client(), "http://us%65r:p+w@127.0.0.1:" + server.port()).close();

    assertThat(server.requests().getFirst())
        .contains("authorization: Basic dXNlcjpwK3c=\r\n", "host: 127.0.0.1:");
  }

  @Test
  void sendsABody() {
    ScriptedServer server = fixture.server(once(ok("")));
    URI url = URI.create(server.url("/"));

    await(fixture.client().fetch(new HttpRequest("POST", url, Headers.NONE, "{\"ä\":1}"))).close();

    assertThat(server.requests().getFirst()).startsWith("POST / ").endsWith("\r\n\r\n{\"ä\":1}");
  }

  @Test
  void takesHeadResponsesForBodiless() {
    ScriptedServer server = fixture.server(always("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n"));
    URI url = URI.create(server.url("/"));

    HttpResponse response =
        await(fixture.client().fetch(new HttpRequest("HEAD", url, Headers.NONE, null)));

    assertThat(text(response)).isEmpty();
  }

  @Test
  void joinsChunks() {
    ScriptedServer server =
        fixture.server(
            once(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
                    + "3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nx-t: 1\r\n\r\n"));

    assertThat(text(get(fixture.client(), server.url("/")))).isEqualTo("abcde");
  }

  @Test
  void readsUntilTheEndWithoutALength() {
    ScriptedServer server = fixture.server(once("HTTP/1.1 200 OK\r\n\r\nabc"));
    HttpClient client = fixture.client();

    assertThat(text(get(client, server.url("/")))).isEqualTo("abc");
    assertThat(text(get(client, server.url("/")))).isEqualTo("abc");
    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void skipsInterimResponses() {
    ScriptedServer server =
        fixture.server(
            once("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" + ok("abc")));

    assertThat(text(get(fixture.client(), server.url("/")))).isEqualTo("abc");
  }

  @Test
  void returnsErrorStatuses() {
    ScriptedServer server = fixture.server(once(status("404 Not Found")));

    try (HttpResponse response = get(fixture.client(), server.url("/"))) {
      assertThat(response.status()).isEqualTo(404);
    }
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void looksUpNames() {
    ScriptedServer server = fixture.server(once(ok("abc")));

    HttpResponse response = get(fixture.client(), "http://localhost:" + server.port() + "/");

    assertThat(text(response)).isEqualTo("abc");
  }

  @Test
  void keepsLargeBodiesInBlocks() throws IOException {
    String part = "0123456789".repeat(100_000);
    ScriptedServer server =
        fixture.server(
            peer -> {
              peer.readRequest();
              peer.write("HTTP/1.1 200 OK\r\ncontent-length: 5000000\r\n\r\n");
              for (int i = 0; i < 5; i++) {
                peer.write(part);
              }
            });
    HttpClient client = fixture.client();

    try (HttpResponse response = get(client, server.url("/"))) {
      assertThat(response.blocks()).hasSizeBetween(5, 6).allMatch(block -> block.isDirect());
      assertThat(client.statistics().heldBytes()).isBetween(5_000_000L, 6_300_000L);
      try (InputStream in = response.bodyStream()) {
        assertThat(in.read()).isEqualTo('0');
        assertThat(new String(in.readAllBytes(), "ISO-8859-1"))
            .isEqualTo(part.repeat(5).substring(1));
        assertThat(in.read()).isEqualTo(-1);
      }
    }
    assertThat(client.statistics().heldBytes()).isZero();
  }

  @Test
  void refusesToReadAClosedResponse() {
    ScriptedServer server = fixture.server(once(ok("abc")));
    HttpResponse response = get(fixture.client(), server.url("/"));
    InputStream stream = response.bodyStream();

    response.close();
    response.close();

    assertThatThrownBy(stream::read).isInstanceOf(IOException.class);
  }

  @Test
  void usesAConnectionAgain() {
    ScriptedServer server = fixture.server(always(ok("abc")));
    HttpClient client = fixture.client();

    for (int i = 0; i < 10; i++) {
      assertThat(text(get(client, server.url("/" + i)))).isEqualTo("abc");
    }

    assertThat(server.connections()).isEqualTo(1);
    assertThat(client.statistics().connections()).isEqualTo(1);
    assertThat(client.statistics().bodyBytes()).isEqualTo(30);
  }

  @Test
  void closesAConnectionWhenTheServerSaysSo() {
    ScriptedServer server = fixture.server(always(status("200 OK", "connection: close")));
    HttpClient client = fixture.client();

    get(client, server.url("/")).close();
    get(client, server.url("/")).close();

    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void dropsAConnectionWithSurplusBytes() {
    ScriptedServer server = fixture.server(always(ok("abc") + "surplus"), always(ok("def")));
    HttpClient client = fixture.client();

    assertThat(text(get(client, server.url("/")))).isEqualTo("abc");
    assertThat(text(get(client, server.url("/")))).isEqualTo("def");
  }

  @Test
  void opensNoMoreConnectionsThanAllowed() {
    ScriptedServer server = fixture.server(always(ok("abc")));
    HttpOptions few =
        new HttpOptions(
            HttpFixture.LONG, 1, 1, HttpFixture.LONG, null, 3, "dlt-java", Limits.DEFAULT);
    HttpClient client = fixture.client(few);

    List<CompletableFuture<HttpResponse>> fetches = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      fetches.add(client.fetch(HttpRequest.get(server.url("/" + i), Headers.NONE)));
    }

    assertThat(fetches).allSatisfy(fetch -> assertThat(text(await(fetch))).isEqualTo("abc"));
    assertThat(server.connections()).isBetween(1, 3);
    assertThat(client.statistics().responses()).isEqualTo(300);
  }

  @Test
  void handsAPlaceOnWhenItsConnectionCloses() {
    ScriptedServer server = fixture.server(once(ok("abc")));
    HttpOptions one =
        new HttpOptions(
            HttpFixture.LONG, 1, 1, HttpFixture.LONG, null, 1, "dlt-java", Limits.DEFAULT);
    HttpClient client = fixture.client(one);

    List<CompletableFuture<HttpResponse>> fetches = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      fetches.add(client.fetch(HttpRequest.get(server.url("/" + i), Headers.NONE)));
    }

    assertThat(fetches).allSatisfy(fetch -> assertThat(text(await(fetch))).isEqualTo("abc"));
  }

  @Test
  void refusesHeadersThatWouldEndTheLine() {
    Headers headers = new Headers(List.of(new Header("x-key", "a\r\nb: c")));

    assertThatThrownBy(() -> HttpRequest.get("http://h/", headers))
        .isInstanceOf(DltJavaException.class)
        .hasMessageContaining("x-key")
        .hasMessageNotContaining("b: c");
  }
}
