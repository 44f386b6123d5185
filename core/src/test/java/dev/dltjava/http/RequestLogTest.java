package dev.dltjava.http;

import static dev.dltjava.http.HttpFixture.await;
import static dev.dltjava.http.HttpFixture.failure;
import static dev.dltjava.http.ScriptedServer.ok;
import static dev.dltjava.http.ScriptedServer.once;
import static dev.dltjava.http.ScriptedServer.status;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RequestLogTest {
  private final HttpFixture fixture = new HttpFixture();

  @AfterEach
  void leavesNothing() {
    fixture.close();
  }

  @Test
  void tellsEachTryAndWhatItWaitedFor() {
    RequestLog log = new RequestLog(10);
    ScriptedServer server =
        fixture.server(
            once(status("429 Slow", "Retry-After: 3600")),
            once("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc"),
            once(ok("abcd")));

    fetch(log, server.url("/a?token=s3cret&x=1"));

    List<RequestLog.Entry> entries = log.read().entries();
    assertThat(entries).extracting(RequestLog.Entry::method).containsOnly("GET");
    assertThat(entries)
        .extracting(RequestLog.Entry::url)
        .containsOnly(server.url("/a?token=***&x=1"));
    assertThat(entries).extracting(RequestLog.Entry::status).containsExactly(429, 0, 200);
    assertThat(entries).extracting(RequestLog.Entry::attempt).containsExactly(1, 2, 3);
    assertThat(entries).extracting(RequestLog.Entry::bodyBytes).containsExactly(0L, 0L, 4L);
    assertThat(entries)
        .extracting(RequestLog.Entry::waited)
        .containsExactly(Duration.ZERO, Duration.ofMillis(20), Duration.ofMillis(2));
    assertThat(entries).allMatch(entry -> entry.duration().isPositive());
    assertThat(entries.get(1).failure()).contains("closed");
    assertThat(entries.get(0).failure()).isNull();
  }

  @Test
  void tellsEachRedirect() {
    RequestLog log = new RequestLog(10);
    ScriptedServer server =
        fixture.server(
            peer -> {
              peer.readRequest();
              peer.write(status("302 Found", "Location: /b"));
              peer.readRequest();
              peer.write(ok("x"));
            });

    fetch(log, server.url("/a"));

    assertThat(log.read().entries())
        .extracting(RequestLog.Entry::url)
        .containsExactly(server.url("/a"), server.url("/b"));
  }

  @Test
  void tellsWhyAConnectionFailed() {
    RequestLog log = new RequestLog(10);
    ScriptedServer server = fixture.server();
    String url = server.url("/");
    server.close();

    failure(fixture.client(HttpFixture.options(), log), url);

    assertThat(log.read().entries()).hasSize(3);
    assertThat(log.read().entries()).allMatch(entry -> entry.failure() != null);
  }

  @Test
  void dropsTheOldestAndCountsThem() {
    RequestLog log = new RequestLog(3);
    add(log, 5);

    RequestLog.Excerpt read = log.read();

    assertThat(read.entries()).extracting(RequestLog.Entry::attempt).containsExactly(3, 4, 5);
    assertThat(read.dropped()).isEqualTo(2);
  }

  @Test
  void forgetsWhatWasReadAndNothingElse() {
    RequestLog log = new RequestLog(3);
    add(log, 2);
    RequestLog.Excerpt read = log.read();
    add(log, 2);

    log.forget(read);
    log.forget(read);

    assertThat(log.read().entries()).extracting(RequestLog.Entry::attempt).containsExactly(1, 2);
    assertThat(log.read().dropped()).isEqualTo(1);
  }

  @Test
  void keepsNothingUnasked() {
    RequestLog log = new RequestLog(0);

    fetch(log, fixture.server(once(ok("x"))).url("/"));

    assertThat(log.read().entries()).isEmpty();
    assertThat(log.read().dropped()).isZero();
  }

  @Test
  void keepsTheStartOfALongUrl() {
    RequestLog log = new RequestLog(1);
    String url = fixture.server(once(ok("x"))).url("/?" + "y".repeat(5_000));

    fetch(log, url);

    assertThat(log.read().entries().getFirst().url()).isEqualTo(url.substring(0, 2_000) + "...");
  }

  private void fetch(RequestLog log, String url) {
    HttpClient client = fixture.client(HttpFixture.options(), log);
    await(client.fetch(HttpRequest.get(url, Headers.NONE))).close();
  }

  private static void add(RequestLog log, int count) {
    for (int i = 1; i <= count; i++) {
      log.add(new RequestLog.Entry("GET", "u", 200, null, Duration.ZERO, 0, i, Duration.ZERO));
    }
  }
}
