package dev.dltjava.http;

import static dev.dltjava.http.HttpFixture.failure;
import static dev.dltjava.http.HttpFixture.get;
import static dev.dltjava.http.HttpFixture.text;
import static dev.dltjava.http.ScriptedServer.always;
import static dev.dltjava.http.ScriptedServer.ok;
import static dev.dltjava.http.ScriptedServer.once;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.limits.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HttpTlsTest {
  @TempDir static Path directory = Path.of("");

  private final HttpFixture fixture = new HttpFixture();

  @BeforeAll
  static void makeCertificates() throws IOException, InterruptedException {
    certificates().make("server", "san=dns:localhost,ip:127.0.0.1", "-validity", "2");
    certificates().make("other", "san=dns:other.test", "-validity", "2");
    certificates().make("expired", "san=dns:localhost", "-startdate", "-9d", "-validity", "2");
  }

  @AfterEach
  void leavesNothing() {
    fixture.close();
  }

  private static ScriptedServer start(String certificate, ScriptedServer.Script script)
      throws IOException, GeneralSecurityException {
    return ScriptedServer.start(certificates().listen(certificate), script);
  }

  private static Path pem(String name) {
    return certificates().pem(name);
  }

  private static Certificates certificates() {
    return new Certificates(directory);
  }

  private HttpClient client(@Nullable Path caFile) {
    return fixture.client(HttpFixture.options(HttpFixture.LONG, 3, caFile, Limits.DEFAULT));
  }

  private static String url(ScriptedServer server, String host) {
    return "https://" + host + ":" + server.port() + "/";
  }

  @Test
  void trustsTheCertificatesOfTheFile() throws Exception {
    try (ScriptedServer server = start("server", always(ok("abc")))) {
      HttpClient client = client(pem("server"));

      assertThat(text(get(client, url(server, "localhost")))).isEqualTo("abc");
      assertThat(text(get(client, url(server, "localhost")))).isEqualTo("abc");
      assertThat(text(get(client, url(server, "127.0.0.1")))).isEqualTo("abc");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void speaksTlsThroughAProxy() throws Exception {
    try (ScriptedServer server = start("server", always(ok("abc")))) {
      ScriptedServer proxy =
          fixture.server(
              peer -> {
                peer.readRequest();
                peer.write("HTTP/1.1 200 Connection established\r\nvia: x\r\n\r\n");
                peer.relay(server.port());
              });
      HttpClient client = fixture.client(proxied("http://user:s3cret@127.0.0.1:" + proxy.port()));

      assertThat(text(get(client, url(server, "localhost")))).isEqualTo("abc");
      assertThat(text(get(client, url(server, "localhost")))).isEqualTo("abc");

      String authority = "localhost:" + server.port();
      assertThat(proxy.requests())
          .containsExactly(
              "CONNECT "
                  + authority
                  + " HTTP/1.1\r\nhost: "
                  + authority
                  + "\r\nproxy-authorization: Basic dXNlcjpzM2NyZXQ=\r\n\r\n");
      assertThat(server.requests()).hasSize(2).noneMatch(request -> request.contains("proxy"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 407 Who?|refuses with status 407; check user and password",
        "HTTP/1.1 502 Bad Gateway|refuses with status 502",
        "SSH-2.0-OpenSSH|does not answer as an HTTP proxy does",
      })
  void reportsAProxyThatRefuses(String statusLine, String message) {
    ScriptedServer proxy = fixture.server(once(statusLine + "\r\n\r\n"));
    HttpClient client = fixture.client(proxied("user:s3cret@127.0.0.1:" + proxy.port()));

    DltJavaException failure = failure(client, "https://localhost:1/");

    assertThat(failure.code()).isEqualTo(ErrorCode.CONNECT);
    assertThat(failure).hasMessageContaining(message).hasMessageNotContaining("s3cret");
    assertThat(proxy.connections()).isEqualTo(3);
  }

  @Test
  void reportsAProxyThatDoesNotAnswer() {
    ScriptedServer closing = fixture.server(ScriptedServer.Peer::readRequest);
    assertThat(
            failure(fixture.client(proxied("127.0.0.1:" + closing.port())), "https://localhost:1/"))
        .hasMessageContaining("closes the connection");
    ScriptedServer silent = fixture.server(ScriptedServer.Peer::awaitEnd);
    HttpOptions patient = proxied("127.0.0.1:" + silent.port());
    HttpOptions impatient =
        new HttpOptions(
            Duration.ofMillis(100),
            1,
            1,
            Duration.ZERO,
            patient.caFile(),
            1,
            "t",
            Limits.DEFAULT,
            0,
            patient.proxies(),
            HttpFixture.LONG);
    assertThat(failure(fixture.client(impatient), "https://localhost:1/").code())
        .isEqualTo(ErrorCode.TIMEOUT);
  }

  private static HttpOptions proxied(String proxy) {
    HttpOptions plain = HttpFixture.options(HttpFixture.LONG, 3, pem("server"), Limits.DEFAULT);
    return new HttpOptions(
        plain.timeout(),
        plain.maximumAttempts(),
        plain.backoffFactor(),
        plain.maximumRetryDelay(),
        plain.caFile(),
        plain.maximumConnectionsPerHost(),
        plain.userAgent(),
        plain.limits(),
        0,
        Proxies.of(Optional.empty(), Optional.of(proxy), ""),
        HttpFixture.LONG);
  }

  @Test
  void readsAFileWithCommentsAndSeveralCertificates() throws Exception {
    Path bundle = directory.resolve("bundle.pem");
    Files.writeString(
        bundle,
        "# Issuer: ä\n\n"
            + Files.readString(pem("other"))
            + "\n# Issuer: other\n"
            + Files.readString(pem("server"))
            + "\n# the end\n");
    try (ScriptedServer server = start("server", once(ok("abc")))) {
      assertThat(text(get(client(bundle), url(server, "localhost")))).isEqualTo("abc");
    }
  }

  @Test
  void refusesACertificateThatIsNotInTheFile() throws Exception {
    try (ScriptedServer server = start("server", always(ok("abc")))) {
      HttpClient client = client(pem("other"));

      DltJavaException failure = failure(client, url(server, "localhost"));

      assertThat(failure.code()).isEqualTo(ErrorCode.TLS);
      assertThat(failure)
          .hasMessageContaining("certificate of localhost")
          .hasMessageContaining("ca_file");
      assertThat(client.statistics().retries()).isZero();
    }
  }

  @Test
  void refusesTheCertificateOfAnotherHost() throws Exception {
    try (ScriptedServer server = start("other", always(ok("abc")))) {
      DltJavaException failure = failure(client(pem("other")), url(server, "localhost"));

      assertThat(failure.code()).isEqualTo(ErrorCode.TLS);
      assertThat(failure).hasMessageContaining("localhost");
      assertThat(server.requests()).isEmpty();
    }
  }

  /// The JDK takes it if it is in the file itself.
  @Test
  void refusesACertificateThatHasExpiredThoughItIsTrusted() throws Exception {
    try (ScriptedServer server = start("expired", always(ok("abc")))) {
      DltJavaException failure = failure(client(pem("expired")), url(server, "localhost"));

      assertThat(failure.code()).isEqualTo(ErrorCode.TLS);
      assertThat(failure).hasMessageContaining("has expired");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void refusesHttpsWithoutAFile() {
    DltJavaException failure = failure(client(null), "https://localhost:1/");

    assertThat(failure.code()).isEqualTo(ErrorCode.OPTIONS);
    assertThat(failure).hasMessageContaining("ca_file");
  }

  @Test
  void refusesFilesWithoutCertificates() throws IOException {
    Path empty = Files.writeString(directory.resolve("empty.pem"), "");
    Path broken =
        Files.writeString(
            directory.resolve("broken.pem"),
            "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n");

    for (Path file : List.of(empty, broken, directory.resolve("absent.pem"), directory)) {
      DltJavaException failure = failure(client(file), "https://localhost:1/");

      assertThat(failure.code()).isEqualTo(ErrorCode.OPTIONS);
      assertThat(failure).hasMessageContaining("ca_file").hasMessageContaining(file.toString());
    }
  }

  @Test
  void reportsAServerThatSpeaksPlainHttp() {
    ScriptedServer server = fixture.server(peer -> peer.write("HTTP/1.1 400 Bad Request\r\n\r\n"));

    DltJavaException failure = failure(client(pem("server")), url(server, "localhost"));

    assertThat(failure.code()).isEqualTo(ErrorCode.TLS);
    assertThat(failure).hasMessageContaining("scheme");
  }

  @Test
  void reportsAConnectionClosedDuringTheHandshake() {
    ScriptedServer server = fixture.server(peer -> {});

    DltJavaException failure = failure(client(pem("server")), url(server, "localhost"));

    assertThat(failure.code()).isEqualTo(ErrorCode.CONNECT);
    assertThat(failure).hasMessageContaining("tried 3 times");
  }

  @Test
  void reportsAHandshakeThatDoesNotEnd() {
    ScriptedServer server = fixture.server(ScriptedServer.Peer::awaitEnd);
    HttpClient client =
        fixture.client(
            HttpFixture.options(Duration.ofMillis(100), 1, pem("server"), Limits.DEFAULT));

    assertThat(failure(client, url(server, "localhost")).code()).isEqualTo(ErrorCode.TIMEOUT);
  }

  @Test
  void reportsAServerThatWantsACertificateOfTheClient() throws Exception {
    SSLServerSocket listener = certificates().listen("server");
    listener.setNeedClientAuth(true);
    try (ScriptedServer server = ScriptedServer.start(listener, always(ok("abc")))) {
      DltJavaException failure = failure(client(pem("server")), url(server, "localhost"));

      assertThat(failure.code()).isEqualTo(ErrorCode.TLS);
    }
  }

  @Test
  void reportsABodyCutOffWithinTls() throws Exception {
    try (ScriptedServer server =
        start("server", once("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc"))) {
      DltJavaException failure = failure(client(pem("server")), url(server, "localhost"));

      assertThat(failure.code()).isEqualTo(ErrorCode.TRUNCATED);
    }
  }
}
