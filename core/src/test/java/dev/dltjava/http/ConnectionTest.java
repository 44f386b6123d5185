package dev.dltjava.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.limits.Limits;
import dev.dltjava.limits.MemoryBudget;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The time-out, on a channel whose clock the test moves.
final class ConnectionTest {
  private final EventLoops loops = EventLoops.start(1);
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Connection connection = connect();

  private Connection connect() {
    HttpOptions options = HttpFixture.options(Duration.ofSeconds(10), 1, null, Limits.DEFAULT);
    ClientContext context =
        new ClientContext(
            loops,
            options,
            new Counters(new MemoryBudget(Limits.DEFAULT.memoryBytes())),
            new TrustedCertificates(null),
            InstantSource.system(),
            new CurrentCredentials(),
            new RequestLog(0));
    ResponseDecoder decoder = new ResponseDecoder();
    Endpoint endpoint = new Endpoint(false, "h", 80);
    Connection made = new Connection(channel, endpoint, context, decoder, free -> {});
    channel.pipeline().addLast(decoder, made);
    return made;
  }

  @BeforeEach
  void stopTime() {
    channel.freezeTime();
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
    loops.close();
  }

  private CompletableFuture<HttpResponse> send() {
    CompletableFuture<HttpResponse> result =
        connection.send(HttpRequest.get("http://h/", Headers.NONE));
    channel.runPendingTasks();
    return result;
  }

  private void receive(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
  }

  private void pass(int seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runPendingTasks();
  }

  @Test
  void waitsForASlowServerAsLongAsBytesCome() {
    CompletableFuture<HttpResponse> result = send();
    for (char next : "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n".toCharArray()) {
      pass(9);
      receive(String.valueOf(next));
    }
    assertThat(result).isNotDone();

    receive("a");

    try (HttpResponse response = result.join()) {
      assertThat(response.bodyBytes()).isEqualTo(1);
    }
    pass(100);
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void givesUpAfterTheTimeOutSinceTheLastByte() {
    CompletableFuture<HttpResponse> result = send();
    pass(9);
    receive("HTTP/1.1 200 OK\r\n");
    pass(9);
    assertThat(result).isNotDone();

    pass(1);

    assertThatThrownBy(result::join)
        .hasMessageContaining("no answer from h:80 within 10.0 seconds");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void closesWhenBytesComeUnasked() {
    receive("HTTP/1.1 408 Request Timeout\r\n\r\n");

    assertThat(channel.isOpen()).isFalse();
  }
}
