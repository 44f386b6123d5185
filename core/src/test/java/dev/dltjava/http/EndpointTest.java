package dev.dltjava.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.error.DltJavaException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  private static Endpoint of(String url) {
    return Endpoint.of(URI.create(url));
  }

  /// As requests keeps them: a server that redirects from http to https is still the same.
  @ParameterizedTest
  @CsvSource({
    "http://h/a, http://h/b, true",
    "http://h/a, https://h/a, true",
    "http://h:80/a, https://H:443/a, true",
    "https://h/a, http://h/a, false",
    "http://h/a, http://h:81/a, false",
    "http://h:81/a, https://h:81/a, false",
    "http://h/a, http://i.h/a, false",
    "http://h/a, http://h.i/a, false",
    "http://h/a, http://i@h/a, true",
    "http://h/a, http://h@i/a, false",
  })
  void isWhatCredentialsAreFor(String home, String url, boolean same) {
    FetchScope scope =
        new FetchScope(URI.create(home), new Tally(), response -> false, () -> true, null);
    assertThat(scope.isHome(URI.create(url))).isEqualTo(same);
    assertThat(scope.toString()).doesNotContain(home);
  }

  @Test
  void urlsOfOneServerHaveEqualEndpoints() {
    assertThat(of("http://Example.org/a"))
        .isEqualTo(of("http://user@example.org:80/b?c=d"))
        .hasSameHashCodeAs(of("http://example.org:080"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://example.org:80", "http://example.com", "http://example.org:81"})
  void anotherSchemeHostOrPortIsAnotherEndpoint(String other) {
    assertThat(of(other)).isNotEqualTo(of("http://example.org"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65536", "-1", "8a", "000080", "99999999999"})
  void aPortIsANumberFrom1To65535(String port) {
    assertThatThrownBy(() -> of("http://example.org:" + port))
        .isInstanceOf(DltJavaException.class)
        .hasMessageContaining("its port is not a number from 1 to 65535");
  }
}
