package dev.dltjava.http;

import static dev.dltjava.http.HttpFixture.failure;
import static dev.dltjava.http.HttpFixture.get;
import static dev.dltjava.http.HttpFixture.text;
import static dev.dltjava.http.ScriptedServer.ok;
import static dev.dltjava.http.ScriptedServer.once;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.limits.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpFaultTest {
  private final HttpFixture fixture = new HttpFixture();

  @AfterEach
  void leavesNothing() {
    fixture.close();
  }

  private DltJavaException failureOf(String answer) {
    return failure(fixture.client(), fixture.server(once(answer)).url("/"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n",
        "HTTP/1.1 200 OK\r\nx: y\r\n",
        "HTTP/1.1 20",
      })
  void reportsCutOffResponses(String answer) {
    assertThat(failureOf(answer).code()).isEqualTo(ErrorCode.TRUNCATED);
  }

  @Test
  void reportsAResetWithinABodyWithoutLength() {
    ScriptedServer server =
        fixture.server(
            peer -> {
              peer.readRequest();
              peer.write("HTTP/1.1 200 OK\r\n\r\nabc");
              peer.reset();
            });

    assertThat(failure(fixture.client(), server.url("/")).code())
        .isIn(ErrorCode.TRUNCATED, ErrorCode.CONNECT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.6\r\n\r\n",
        "{\"no\": \"http\"}\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\ncontent-encoding: br\r\ncontent-length: 1\r\n\r\na",
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
      })
  void reportsWhatIsNotHttp(String answer) {
    assertThat(failureOf(answer).code()).isEqualTo(ErrorCode.PROTOCOL);
  }

  @Test
  void boundsTheHeaders() {
    DltJavaException line = failureOf("HTTP/1.1 200 " + "x".repeat(10_000) + "\r\n\r\n");
    assertThat(line.code()).isEqualTo(ErrorCode.PROTOCOL);

    String header = "x: " + "y".repeat(1_000) + "\r\n";
    DltJavaException headers = failureOf("HTTP/1.1 200 OK\r\n" + header.repeat(70) + "\r\n");
    assertThat(headers.code()).isEqualTo(ErrorCode.PROTOCOL);
    assertThat(headers).hasMessageContaining("64 KiB");
  }

  @Test
  void boundsInterimResponses() {
    DltJavaException failure = failureOf("HTTP/1.1 102 Processing\r\n\r\n".repeat(21) + ok("abc"));

    assertThat(failure.code()).isEqualTo(ErrorCode.PROTOCOL);
  }

  @Test
  void boundsAnAnnouncedBody() {
    HttpClient client = fixture.client(HttpFixture.optionsOfBodyBytes(10));

    assertThat(text(get(client, fixture.server(once(ok("0123456789"))).url("/")))).hasSize(10);
    DltJavaException failure = failure(client, fixture.server(once(ok("0123456789a"))).url("/"));

    assertThat(failure.code()).isEqualTo(ErrorCode.LIMIT);
    assertThat(failure).hasMessageContaining("max_body_bytes");
  }

  @Test
  void boundsAnEndlessBody() {
    HttpClient client = fixture.client(HttpFixture.optionsOfBodyBytes(100_000));
    ScriptedServer server =
        fixture.server(
            peer -> {
              peer.readRequest();
              peer.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
              while (true) {
                peer.write("3e8\r\n" + "0123456789".repeat(100) + "\r\n");
              }
            });

    assertThat(failure(client, server.url("/")).code()).isEqualTo(ErrorCode.LIMIT);
    assertThat(server.requests()).hasSize(1);
  }

  /// A server that goes on for ever after these bytes.
  private ScriptedServer endless(byte[] beginning, byte[] rest) {
    return fixture.server(
        peer -> {
          peer.readRequest();
          peer.write(beginning);
          while (true) {
            peer.write(rest);
          }
        });
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zipped = new GZIPOutputStream(out)) {
      zipped.write(text.getBytes(UTF_8));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"empty members", "padding"})
  void boundsACompressedBodyThatGrowsIntoNothing(String rest) {
    byte[] head = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n".getBytes(UTF_8);
    byte[] body = gzip("{}");
    byte[] beginning = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, beginning, head.length, body.length);
    byte[] more = rest.equals("padding") ? new byte[1_000] : gzip("");
    HttpClient client = fixture.client(HttpFixture.optionsOfBodyBytes(100_000));

    DltJavaException failure = failure(client, endless(beginning, more).url("/"));

    assertThat(failure.code()).isEqualTo(ErrorCode.LIMIT);
    assertThat(failure).hasMessageContaining("max_body_bytes");
  }

  @Test
  void boundsEmptyLinesBeforeAResponse() {
    ScriptedServer server = endless(new byte[0], "\r\n".repeat(50).getBytes(UTF_8));

    DltJavaException failure = failure(fixture.client(), server.url("/"));

    assertThat(failure.code()).isEqualTo(ErrorCode.PROTOCOL);
    assertThat(failure).hasMessageContaining("expected");
  }

  @Test
  void boundsTheTimeOfAResponseThatDrips() {
    ScriptedServer server =
        fixture.server(
            peer -> {
              peer.readRequest();
              peer.write("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n");
              while (true) {
                peer.write(" ");
                LockSupport.parkNanos(1_000_000);
              }
            });
    HttpOptions standard = HttpFixture.options();
    HttpOptions impatient =
        new HttpOptions(
            standard.timeout(),
            standard.maximumAttempts(),
            standard.backoffFactor(),
            standard.maximumRetryDelay(),
            null,
            1,
            "t",
            Limits.DEFAULT,
            0,
            standard.proxies(),
            Duration.ofMillis(100));

    DltJavaException failure = failure(fixture.client(impatient), server.url("/"));

    assertThat(failure.code()).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(failure).hasMessageContaining("max_response_seconds");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void reportsARefusedConnection() throws IOException {
    int port;
    try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = unused.getLocalPort();
    }
    HttpClient client = fixture.client();

    DltJavaException failure = failure(client, "http://u:pw@127.0.0.1:" + port + "/");

    assertThat(failure.code()).isEqualTo(ErrorCode.CONNECT);
    assertThat(failure).hasMessageContaining("127.0.0.1:" + port).hasMessageContaining("refused");
    assertThat(failure.location().url()).isEqualTo("http://***@127.0.0.1:" + port + "/");
    assertThat(client.statistics().retries()).isEqualTo(2);
  }

  @Test
  void reportsAnUnknownHost() {
    HttpClient client = fixture.client(HttpFixture.optionsOfTimeout(30_000));

    DltJavaException failure = failure(client, "http://no-such-host.invalid/");

    assertThat(failure.code()).isEqualTo(ErrorCode.CONNECT);
    assertThat(failure).hasMessageContaining("no-such-host.invalid was not found");
  }

  @Test
  void reportsAServerThatDoesNotAnswer() {
    ScriptedServer server = fixture.server(ScriptedServer.Peer::awaitEnd);
    HttpClient client = fixture.client(HttpFixture.optionsOfTimeout(100));

    DltJavaException failure = failure(client, server.url("/"));

    assertThat(failure.code()).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(failure)
        .hasMessageContaining("no answer from 127.0.0.1")
        .hasMessageContaining("0.1 seconds")
        .hasMessageContaining("timeout_seconds");
  }

  @Test
  void reportsAServerThatStopsWithinTheBody() {
    ScriptedServer server =
        fixture.server(
            peer -> {
              peer.readRequest();
              peer.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc");
              peer.awaitEnd();
            });

    DltJavaException failure =
        failure(fixture.client(HttpFixture.optionsOfTimeout(100)), server.url("/"));

    assertThat(failure.code()).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(failure).hasMessageContaining("no further byte");
  }

  @Test
  void reportsAConnectionThatIsNotAccepted() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket full = new ServerSocket(0, 1, loopback);
        Socket first = new Socket(loopback, full.getLocalPort());
        Socket second = new Socket(loopback, full.getLocalPort())) {
      HttpClient client = fixture.client(HttpFixture.optionsOfTimeout(200));

      DltJavaException failure = failure(client, "http://127.0.0.1:" + full.getLocalPort());

      assertThat(first.isConnected() && second.isConnected()).isTrue();
      assertThat(failure.code()).isEqualTo(ErrorCode.TIMEOUT);
      assertThat(failure).hasMessageContaining("no connection to 127.0.0.1");
    }
  }
}
