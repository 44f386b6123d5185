package dev.dltjava.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/// When to try again, as dlt does: after 429, 5xx and failures of the network.
///
/// @param factor the n-th wait is this times `2^(n-1)` seconds
/// @param maximum longest wait
record RetryPolicy(double factor, Duration maximum) {
  /// More digits than any date has; longer numbers are as good as infinite.
  private static final int LONGEST_NUMBER = 12;

  static boolean isRetried(int status) {
    return status == 429 || status >= 500 && status <= 599;
  }

  /// The wait after a failed attempt.
  ///
  /// @param attempt number of the attempt that failed, from 1
  /// @param retryAfter the server's wish: seconds, or an HTTP date
  Duration delay(int attempt, @Nullable String retryAfter, Instant now) {
    Duration wish = retryAfter == null ? null : wish(retryAfter.strip(), now);
    if (wish != null) {
      return clamped(wish);
    }
    double seconds = factor * Math.pow(2, attempt - 1.0);
    double nanos = Math.min(seconds * 1e9, maximum.toNanos());
    return Duration.ofNanos((long) nanos);
  }

  private @Nullable Duration wish(String text, Instant now) {
    String digits = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    if (!digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      if (text.startsWith("-")) {
        return Duration.ZERO;
      }
      return digits.length() > LONGEST_NUMBER
          ? maximum
          : Duration.ofSeconds(Long.parseLong(digits));
    }
    Date date = HttpDate.parse(text);
    return date == null ? null : Duration.between(now, date.toInstant());
  }

  private Duration clamped(Duration wish) {
    if (wish.isNegative()) {
      return Duration.ZERO;
    }
    return wish.compareTo(maximum) > 0 ? maximum : wish;
  }
}
