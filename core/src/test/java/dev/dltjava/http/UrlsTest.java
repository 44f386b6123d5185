package dev.dltjava.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.error.DltJavaException;
import java.net.URI;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UrlsTest {
  @ParameterizedTest
  @CsvSource({
    "http://h/a?b=c, http://h/a?b=c",
    "http://u:p@h/a, http://***@h/a",
    "http://h/?api_key=s&x=1, http://h/?api_key=***&x=1",
    "http://h/?x=1&Access-Token=s, http://h/?x=1&Access-Token=***",
    "http://h/?key&pwd=, http://h/?key&pwd=***",
    "http://h/?monkey=1, http://h/?monkey=1",
    "http://h/a?b#c, http://h/a?b",
    "http://h/?api%5Fkey=s&%74oken=t, http://h/?api%5Fkey=***&%74oken=***",
    "http://h/?X-Amz-Signature=s&Sig=t&jwt=u, http://h/?X-Amz-Signature=***&Sig=***&jwt=***",
    "http://h/?back=http%3A%2F%2Fi%2F%3Fa%3Db%26api_key%3Ds&x=1, http://h/?back=***&x=1",
    "http://h/?back=http%3A%2F%2Fu%3Ap%40i, http://h/?back=***",
    "http://h/?q=100%&r=%e4, http://h/?q=100%25&r=%e4",
  })
  void masksSecrets(String url, String masked) {
    assertThat(Urls.masked(Urls.parse(url))).isEqualTo(masked);
  }

  @ParameterizedTest
  @CsvSource({
    "http://h/a?b=c, false",
    "http://u:p@h/a, true",
    "http://h/a@b?c=d@e, false",
    "/a?b=c&Api_Key=s, true",
    "?token=s, true",
    "/a?own=s, true",
    "/a?page_token=s, false",
    "c+20, false",
  })
  void findsSecretsInLinks(String text, boolean found) {
    assertThat(Urls.isSecretIn(text, Set.of("own"))).isEqualTo(found);
  }

  @ParameterizedTest
  @CsvSource({
    "http://h, b, http://h/b",
    "http://h, ?b, http://h/?b",
    "http://h/a/b?c, ?d, http://h/a/b?d",
    "http://h/a/b?c, '', http://h/a/b?c",
    "http://h/a/b?c, #e, http://h/a/b?c",
    "http://h/a/b, ../c, http://h/c",
    "http://h/a/b, /c?d#e, http://h/c?d",
    "http://h/a, //i/b, http://i/b",
    "http://h/a, https://i:1/b, https://i:1/b",
    "http://h/a, /b c|d, http://h/b%20c%7Cd",
  })
  void resolvesLocations(String base, String location, String resolved) {
    assertThat(Urls.resolve(URI.create(base), location)).hasToString(resolved);
  }

  @ParameterizedTest
  @CsvSource({
    "'http://h/a b', http://h/a%20b",
    "http://h/ä?q=€, http://h/%C3%A4?q=%E2%82%AC",
    "http://h/?a[0]={1}, http://h/?a%5B0%5D=%7B1%7D",
    "http://h/%41%zz%, http://h/%41%25zz%25",
    "http://[::1]:8080/, http://[::1]:8080/",
    "' http://h/ ', http://h/",
  })
  void escapesWhatUrlsDoNotHave(String text, String escaped) {
    assertThat(Urls.parse(text)).hasToString(escaped);
  }

  @Test
  void keepsSecretsOutOfItsErrors() {
    assertThatThrownBy(() -> Urls.parse("http://[h/?token=s3cret"))
        .isInstanceOf(DltJavaException.class)
        .hasMessageNotContaining("s3cret");
  }

  @ParameterizedTest
  @CsvSource({
    "http://H, false, h, 80, h",
    "https://h/, true, h, 443, h",
    "HTTPS://u@h:8443/, true, h, 8443, h:8443",
    "http://my_service:81/, false, my_service, 81, my_service:81",
    "http://h:/, false, h, 80, h",
    "http://[::1]:80/, false, ::1, 80, [::1]",
    "http://[::1]/, false, ::1, 80, [::1]",
  })
  void readsEndpoints(String url, boolean secure, String host, int port, String hostHeader) {
    Endpoint endpoint = Endpoint.of(URI.create(url));

    assertThat(endpoint).isEqualTo(new Endpoint(secure, host, port));
    assertThat(endpoint.hostHeader()).isEqualTo(hostHeader);
  }

  @Test
  void refusesUnknownMethods() {
    assertThatThrownBy(() -> new HttpRequest("get", URI.create("http://h/"), Headers.NONE, null))
        .isInstanceOf(DltJavaException.class)
        .hasMessageContaining("GET");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "h/a",
        "/a",
        "ftp://h/",
        "http:///a",
        "http://h:0/",
        "http://h:65536/",
        "http://h:x/",
        "http://ä/",
        "mailto:a@b"
      })
  void refusesWhatCannotBeFetched(String url) {
    assertThatThrownBy(() -> HttpRequest.get(url, Headers.NONE))
        .isInstanceOf(DltJavaException.class)
        .hasMessageContaining("http");
  }
}
