package dev.dltjava.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryPolicyTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private final RetryPolicy policy = new RetryPolicy(1, Duration.ofSeconds(300));

  @ParameterizedTest
  @CsvSource({"1,1", "2,2", "3,4", "4,8", "9,256", "10,300", "5000,300"})
  void doublesTheWait(int attempt, long seconds) {
    assertThat(policy.delay(attempt, null, NOW)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "17,17",
    "' 17 ',17",
    "+17,17",
    "-17,0",
    "301,300",
    "99999999999999999999999,300",
    "'Thu, 01 Jan 2026 00:00:20 GMT',20",
    "'Thu, 01 Jan 2026 09:00:00 GMT',300",
    "'Wed, 31 Dec 2025 00:00:00 GMT',0",
  })
  void followsTheServer(String retryAfter, long seconds) {
    assertThat(policy.delay(4, retryAfter, NOW)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "1.5", "-", "1e3"})
  void ignoresWhatItCannotRead(String retryAfter) {
    assertThat(policy.delay(2, retryAfter, NOW)).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void triesAgainAfterTheStatusesOfDlt() {
    assertThat(RetryPolicy.isRetried(429)).isTrue();
    assertThat(RetryPolicy.isRetried(500)).isTrue();
    assertThat(RetryPolicy.isRetried(599)).isTrue();
    assertThat(RetryPolicy.isRetried(404)).isFalse();
    assertThat(RetryPolicy.isRetried(600)).isFalse();
  }

  /// Netty's parser of dates throws for it.
  @Test
  void takesARetryAfterOfAnyLengthForNone() {
    RetryPolicy policy = new RetryPolicy(1, Duration.ofSeconds(300));
    for (String text : List.of("x".repeat(65), "Wed, 21 Oct 2099 07:28:00 GMT".repeat(3))) {
      assertThat(policy.delay(1, text, Instant.EPOCH)).isEqualTo(Duration.ofSeconds(1));
    }
  }
}
