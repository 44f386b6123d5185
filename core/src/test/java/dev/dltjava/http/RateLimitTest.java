package dev.dltjava.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RateLimitTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  private static Headers headers(String lines) {
    List<Header> headers = new ArrayList<>();
    for (String line : lines.split("@")) {
      String[] parts = line.split(": ", 2);
      headers.add(new Header(parts[0], parts[1]));
    }
    return new Headers(headers);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "X-RateLimit-Remaining: 7@X-RateLimit-Reset: 1700000060|7|60000",
        "X-RateLimit-Remaining: 598.0@X-RateLimit-Reset: 12.5|598|12500",
        "X-Rate-Limit-Remaining: 0@X-Rate-Limit-Reset: 1700000001500|0|1500",
        "RateLimit-Limit: 10@RateLimit-Remaining: 9@RateLimit-Reset: 0|9|0",
        "RateLimit: limit=100, remaining=50, reset=5|50|5000",
        "RateLimit: \"default\";r=50;t=30|50|30000",
        "RateLimit: \"a,b\";r=5;t=1, \"day\";r=2;t=500;pk=:x:|2|500000",
        "RateLimit: \"a\";r=0;t=1, \"b\";r=0;t=9|0|9000",
      })
  void readsWhatServersSend(String lines, long remaining, long millis) {
    assertThat(RateLimit.of(headers(lines), NOW))
        .contains(new RateLimit(remaining, NOW.plusMillis(millis)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-RateLimit-Remaining: 7",
        "X-RateLimit-Reset: 7",
        "X-RateLimit-Remaining: many@X-RateLimit-Reset: 7",
        "X-RateLimit-Remaining: -1@X-RateLimit-Reset: 7",
        "X-RateLimit-Remaining: 1@X-RateLimit-Reset: .",
        "RateLimit: \"default\";r=5",
        "RateLimit: x",
        "Retry-After: 5",
      })
  void leavesOutWhatItDoesNotUnderstand(String lines) {
    assertThat(RateLimit.of(headers(lines), NOW)).isEmpty();
  }

  /// As long as a header may be: neither stack nor time grow beyond its length.
  @ParameterizedTest
  @ValueSource(strings = {",", "\"\"", "\",\"", ",\"", ";"})
  void readsHeadersOfNothingButPunctuation(String part) {
    String value = part.repeat((64 << 10) / part.length());
    assertThat(RateLimit.of(headers("RateLimit: x" + value), NOW)).isEmpty();
    assertThat(RateLimit.of(headers("RateLimit: \"a\";r=1;t=2," + value), NOW))
        .contains(new RateLimit(1, NOW.plusSeconds(2)));
  }

  @Test
  void takesLargeNumbersForVeryLate() {
    assertThat(
            RateLimit.of(
                    headers("RateLimit-Remaining: 1@RateLimit-Reset: 99999999999999999999"), NOW)
                .orElseThrow()
                .resetAt())
        .isAfter(NOW);
  }
}
