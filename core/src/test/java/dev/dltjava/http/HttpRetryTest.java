package dev.dltjava.http;

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
import dev.dltjava.limits.Limits;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpRetryTest {
  private final HttpFixture fixture = new HttpFixture();

  @AfterEach
  void leavesNothing() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 429 Too Many Requests\r\ncontent-length: 1\r\n\r\nx",
        "HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 599 Oh\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\ncontent-le",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnonsense\r\n",
        "SSH-2.0-OpenSSH\r\n\r\n",
        "",
      })
  void triesAgainAfter(String firstAnswer) {
    ScriptedServer server = fixture.server(once(firstAnswer), once(ok("abc")));
    HttpClient client = fixture.client();

    assertThat(text(get(client, server.url("/")))).isEqualTo("abc");
    assertThat(client.statistics().retries()).isEqualTo(1);
    assertThat(server.connections()).isEqualTo(2);
  }

  /// As behind a router that has forgotten them.
  @Test
  void triesAgainOnANewConnectionWhenIdleOnesHaveFallenSilent() throws Exception {
    CountDownLatch asked = new CountDownLatch(3);
    ScriptedServer.Script silentSoon =
        peer -> {
          peer.readRequest();
          asked.countDown();
          try {
            asked.await();
          } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
          }
          peer.write(ok("abc"));
          peer.awaitEnd();
        };
    ScriptedServer server =
        fixture.server(silentSoon, silentSoon, silentSoon, ScriptedServer.always(ok("def")));
    HttpClient client =
        fixture.client(HttpFixture.options(Duration.ofMillis(300), 2, null, Limits.DEFAULT));
    List<CompletableFuture<HttpResponse>> first = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      first.add(client.fetch(HttpRequest.get(server.url("/"), Headers.NONE)));
    }
    for (CompletableFuture<HttpResponse> fetch : first) {
      assertThat(text(HttpFixture.await(fetch))).isEqualTo("abc");
    }

    assertThat(text(get(client, server.url("/")))).isEqualTo("def");
    assertThat(client.statistics().retries()).isEqualTo(1);
  }

  @Test
  void keepsTheConnectionOverARetry() {
    ScriptedServer server =
        fixture.server(
            peer -> {
              peer.readRequest();
              peer.write(status("503 Busy"));
              peer.readRequest();
              peer.write(ok("abc"));
            });

    assertThat(text(get(fixture.client(), server.url("/")))).isEqualTo("abc");
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void waitsAsTheServerWishesWithinTheLimit() {
    ScriptedServer server =
        fixture.server(once(status("429 Slow", "Retry-After: 3600")), once(ok("abc")));
    HttpClient client = fixture.client();

    assertThat(text(get(client, server.url("/")))).isEqualTo("abc");
    assertThat(client.statistics().waited()).isEqualTo(Duration.ofMillis(20));
  }

  @Test
  void backsOffExponentially() {
    ScriptedServer server = fixture.server(always(status("503 Busy")));
    HttpClient client = fixture.client();

    get(client, server.url("/")).close();

    assertThat(client.statistics().waited()).isEqualTo(Duration.ofMillis(1 + 2));
  }

  @Test
  void returnsTheLastResponseWhenAttemptsRunOut() {
    ScriptedServer server =
        fixture.server(always("HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nbusy"));

    try (HttpResponse response = get(fixture.client(), server.url("/"))) {
      assertThat(response.status()).isEqualTo(503);
      assertThat(text(response)).isEqualTo("busy");
    }
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void reportsTheLastFailureWhenAttemptsRunOut() {
    ScriptedServer server = fixture.server(once("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc"));

    DltJavaException failure = failure(fixture.client(), server.url("/?key=s3cret&page=2"));

    assertThat(failure.code()).isEqualTo(ErrorCode.TRUNCATED);
    assertThat(failure.location().url()).endsWith("/?key=***&page=2");
    assertThat(failure).hasMessageContaining("tried 3 times").hasMessageNotContaining("s3cret");
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void replacesAPooledConnectionThatTheServerClosed() {
    CountDownLatch asked = new CountDownLatch(1);
    ScriptedServer server =
        fixture.server(
            peer -> {
              peer.readRequest();
              peer.write(ok("abc"));
              // The second request is read and not answered.
              peer.readRequest();
              asked.countDown();
            },
            always(ok("def")));
    HttpOptions once = HttpFixture.optionsOfTimeout(30_000);
    HttpClient client = fixture.client(once);

    assertThat(text(get(client, server.url("/")))).isEqualTo("abc");
    assertThat(text(get(client, server.url("/")))).isEqualTo("def");
    assertThat(asked.getCount()).isZero();
    assertThat(client.statistics().retries()).isZero();
  }

  @Test
  void replacesAPooledConnectionThatTheServerReset() {
    ScriptedServer server =
        fixture.server(
            peer -> {
              peer.readRequest();
              peer.write(ok("abc"));
              peer.readRequest();
              peer.reset();
            },
            always(ok("def")));
    HttpClient client = fixture.client(HttpFixture.optionsOfTimeout(30_000));

    assertThat(text(get(client, server.url("/")))).isEqualTo("abc");
    assertThat(text(get(client, server.url("/")))).isEqualTo("def");
  }

  @Test
  void doesNotRepeatAPostOnItsOwn() {
    ScriptedServer server =
        fixture.server(
            peer -> {
              peer.readRequest();
              peer.write(ok("abc"));
              peer.readRequest();
            },
            always(ok("def")));
    HttpClient client = fixture.client(HttpFixture.optionsOfTimeout(30_000));
    URI url = URI.create(server.url("/"));

    assertThat(text(get(client, server.url("/")))).isEqualTo("abc");
    DltJavaException failure =
        failure(client.fetch(new HttpRequest("POST", url, Headers.NONE, "x")));

    assertThat(failure.code()).isEqualTo(ErrorCode.CONNECT);
  }

  @Test
  void doesNotCountAServerThatNeverAnswersAsStale() {
    ScriptedServer server = fixture.server(once(""));
    HttpClient client = fixture.client();

    DltJavaException failure = failure(client, server.url("/"));

    assertThat(failure.code()).isEqualTo(ErrorCode.CONNECT);
    assertThat(failure).hasMessageContaining("without an answer");
    assertThat(server.connections()).isEqualTo(3);
  }
}
