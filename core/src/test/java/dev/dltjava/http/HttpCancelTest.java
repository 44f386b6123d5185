package dev.dltjava.http;

import static dev.dltjava.http.HttpFixture.await;
import static dev.dltjava.http.HttpFixture.failure;
import static dev.dltjava.http.HttpFixture.get;
import static dev.dltjava.http.ScriptedServer.always;
import static dev.dltjava.http.ScriptedServer.ok;
import static dev.dltjava.http.ScriptedServer.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.error.ErrorCode;
import dev.dltjava.limits.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class HttpCancelTest {
  private final HttpFixture fixture = new HttpFixture();

  @AfterEach
  void leavesNothing() {
    fixture.close();
  }

  private static CompletableFuture<HttpResponse> fetch(HttpClient client, ScriptedServer server) {
    return client.fetch(HttpRequest.get(server.url("/"), Headers.NONE));
  }

  /// Sends half a body, and tells when it did and when the client has closed the connection.
  private static ScriptedServer.Script half(
      CompletableFuture<Boolean> sent, CompletableFuture<Boolean> ended) {
    return peer -> {
      peer.readRequest();
      peer.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc");
      sent.complete(true);
      try {
        peer.awaitEnd();
      } finally {
        ended.complete(true);
      }
    };
  }

  @Test
  void closesTheConnectionOfACancelledFetch() {
    CompletableFuture<Boolean> sent = new CompletableFuture<>();
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    ScriptedServer server = fixture.server(half(sent, ended), always(ok("abc")));
    HttpClient client = fixture.client();

    CompletableFuture<HttpResponse> fetch = fetch(client, server);
    await(sent);
    fetch.cancel(true);

    assertThat(await(ended)).isTrue();
    assertThat(fetch).isCancelled();
    get(client, server.url("/")).close();
  }

  @Test
  void freesThePlaceInLineOfACancelledFetch() {
    CompletableFuture<Boolean> sent = new CompletableFuture<>();
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    ScriptedServer server = fixture.server(half(sent, ended), always(ok("abc")));
    HttpClient client =
        fixture.client(
            new HttpOptions(
                HttpFixture.LONG, 1, 1, HttpFixture.LONG, null, 1, "dlt-java", Limits.DEFAULT));
    CompletableFuture<HttpResponse> first = fetch(client, server);
    await(sent);
    CompletableFuture<HttpResponse> second = fetch(client, server);
    CompletableFuture<HttpResponse> third = fetch(client, server);

    second.cancel(true);
    first.cancel(true);

    await(third).close();
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void endsTheWaitOfACancelledFetch() {
    ScriptedServer server = fixture.server(always(status("503 Busy")));
    HttpClient client = patient();
    CompletableFuture<HttpResponse> fetch = fetch(client, server);
    awaitRetry(client);

    fetch.cancel(true);
    client.close();

    assertThat(fetch).isCancelled();
  }

  @Test
  void closesWhileRequestsAreInFlight() {
    CompletableFuture<Boolean> sent = new CompletableFuture<>();
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    ScriptedServer server = fixture.server(half(sent, ended));
    HttpClient client = fixture.client();
    CompletableFuture<HttpResponse> fetch = fetch(client, server);
    await(sent);

    client.close();
    client.close();

    assertThat(fetch).isCompletedExceptionally();
    assertThat(failure(fetch).code()).isEqualTo(ErrorCode.CLOSED);
    assertThat(await(ended)).isTrue();
  }

  @Test
  void closesWhileARetryWaits() {
    ScriptedServer server = fixture.server(always(status("503 Busy")));
    HttpClient client = patient();
    CompletableFuture<HttpResponse> fetch = fetch(client, server);
    awaitRetry(client);

    client.close();

    assertThat(failure(fetch).code()).isEqualTo(ErrorCode.CLOSED);
  }

  @Test
  void closesAtAnyMomentWithManyFetches() {
    ScriptedServer server = fixture.server(always(ok("abc")));
    for (int round = 0; round < 20; round++) {
      HttpClient client = fixture.client();
      List<CompletableFuture<HttpResponse>> fetches = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        fetches.add(fetch(client, server));
      }
      fetches.get(round).handle((response, error) -> response != null).join();

      client.close();

      for (CompletableFuture<HttpResponse> fetch : fetches) {
        assertThat(fetch).isDone();
        fetch.handle((response, error) -> response).thenAccept(HttpCancelTest::closeIfAny).join();
      }
    }
  }

  @Test
  void closesOnItsOwnEventLoop() {
    ScriptedServer server = fixture.server(always(ok("abc")));
    HttpClient client = fixture.client();

    CompletableFuture<Void> closed =
        fetch(client, server)
            .thenAccept(
                response -> {
                  response.close();
                  client.close();
                });

    await(closed.thenApply(nothing -> true));
    assertThat(failure(fetch(client, server)).code()).isEqualTo(ErrorCode.CLOSED);
  }

  @Test
  void keepsDeliveredResponsesWhenClosed() {
    ScriptedServer server = fixture.server(always(ok("abc")));
    HttpClient client = fixture.client();
    HttpResponse response = get(client, server.url("/"));

    client.close();

    assertThat(HttpFixture.text(response)).isEqualTo("abc");
  }

  @Test
  void closesIdleConnections() {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    ScriptedServer server =
        fixture.server(
            peer -> {
              peer.readRequest();
              peer.write(ok("abc"));
              peer.awaitEnd();
              ended.complete(true);
            });
    HttpClient client = fixture.client();
    get(client, server.url("/")).close();

    client.close();

    assertThat(await(ended)).isTrue();
  }

  @Test
  void startsDaemonThreadsOnly() {
    ScriptedServer server = fixture.server(always(ok("abc")));
    get(fixture.client(), "http://localhost:" + server.port() + "/").close();

    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().startsWith("dlt-java"))
        .isNotEmpty()
        .allMatch(Thread::isDaemon);
  }

  private HttpClient patient() {
    Duration hour = Duration.ofHours(1);
    return fixture.client(
        new HttpOptions(HttpFixture.LONG, 5, 3600, hour, null, 50, "dlt-java", Limits.DEFAULT));
  }

  private static void awaitRetry(HttpClient client) {
    while (client.statistics().retries() == 0) {
      Thread.onSpinWait();
    }
  }

  private static void closeIfAny(@Nullable HttpResponse response) {
    if (response != null) {
      response.close();
    }
  }
}
