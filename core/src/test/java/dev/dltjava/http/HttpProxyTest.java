package dev.dltjava.http;

import static dev.dltjava.http.HttpFixture.failure;
import static dev.dltjava.http.HttpFixture.get;
import static dev.dltjava.http.HttpFixture.text;
import static dev.dltjava.http.ScriptedServer.always;
import static dev.dltjava.http.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpProxyTest {
  private final HttpFixture fixture = new HttpFixture();

  @AfterEach
  void leavesNothing() {
    fixture.close();
  }

  private HttpClient client(String proxy, String exceptions) {
    HttpOptions plain = HttpFixture.options();
    return fixture.client(
        new HttpOptions(
            plain.timeout(),
            plain.maximumAttempts(),
            plain.backoffFactor(),
            plain.maximumRetryDelay(),
            plain.caFile(),
            plain.maximumConnectionsPerHost(),
            plain.userAgent(),
            plain.limits(),
            0,
            Proxies.of(Optional.of(proxy), Optional.empty(), exceptions),
            HttpFixture.LONG));
  }

  @Test
  void sendsWholeUrlsToTheProxy() {
    ScriptedServer proxy = fixture.server(always(ok("abc")));
    HttpClient client = client("http://user:s3cret@localhost:" + proxy.port(), "");

    assertThat(text(get(client, "http://no.such.host.test:81/a?b=c#d"))).isEqualTo("abc");

    assertThat(proxy.requests().get(0))
        .startsWith("GET http://no.such.host.test:81/a?b=c HTTP/1.1\r\n")
        .contains("host: no.such.host.test:81\r\n")
        .contains("proxy-authorization: Basic dXNlcjpzM2NyZXQ=\r\n");
  }

  @Test
  void reachesExceptionsDirectly() {
    ScriptedServer proxy = fixture.server(always(ok("proxy")));
    ScriptedServer server = fixture.server(always(ok("server")));
    HttpClient client = client("localhost:" + proxy.port(), "localhost, 127.0.0.0/8");

    assertThat(text(get(client, server.url("/")))).isEqualTo("server");
    assertThat(server.requests().get(0)).startsWith("GET / HTTP/1.1").doesNotContain("proxy");
    assertThat(text(get(client, "http://other.test/"))).isEqualTo("proxy");
  }

  @Test
  void namesTheProxyThatCannotBeReached() {
    DltJavaException failure =
        failure(client("http://user:s3cret@localhost:1", ""), "http://other.test/");

    assertThat(failure.code()).isEqualTo(ErrorCode.CONNECT);
    assertThat(failure).hasMessageContaining("localhost:1").hasMessageNotContaining("s3cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://user:s3cret@h:1", "socks5://user:s3cret@h", "http://", "http://h:s3cret"})
  void refusesProxiesThatItCannotUse(String url) {
    assertThatThrownBy(() -> Proxies.of(Optional.of(url), Optional.empty(), ""))
        .isInstanceOf(DltJavaException.class)
        .hasMessageContaining("proxy")
        .hasMessageNotContaining("s3cret");
  }

  /// The expected answers are those of `requests.utils.should_bypass_proxies`.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://api.test/|api.test|true",
        "http://api.test/|.test|true",
        "http://api.test/|test|true",
        "http://api.test/|pi.test|false",
        "http://API.test/|x, api.TEST|true",
        "http://api.test:8080/|api.test:8080|true",
        "http://api.test:8081/|api.test:8080|false",
        "http://10.1.2.3/|10.0.0.0/8|true",
        "http://11.1.2.3/|10.0.0.0/8|false",
        "http://10.1.2.3/|10.1.2.3|true",
        "http://10.1.2.3/|1.2.3|false",
        "http://api.test/|*|true",
        "http://api.test/|,|false",
      })
  void knowsExceptions(String url, String exceptions, boolean direct) {
    Proxies proxies = Proxies.of(Optional.of("p:1"), Optional.empty(), exceptions);
    assertThat(proxies.to(Endpoint.of(URI.create(url))).isEmpty()).isEqualTo(direct);
    assertThat(proxies.to(Endpoint.of(URI.create(url.replace("http:", "https:"))))).isEmpty();
  }
}
