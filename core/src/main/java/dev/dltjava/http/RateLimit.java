package dev.dltjava.http;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How many requests a server says that it still takes.
///
/// @param remaining requests until the reset
/// @param resetAt when the count begins anew
record RateLimit(long remaining, Instant resetAt) {
  /// The prefixes under which servers send `…Remaining` and `…Reset`.
  private static final String[] PREFIXES = {"ratelimit-", "x-ratelimit-", "x-rate-limit-"};

  /// From here on, a reset is a time of day in seconds since 1970, not a number of seconds.
  private static final double EARLIEST_EPOCH_SECONDS = 1e9;

  /// And from here on, one in milliseconds.
  private static final double EARLIEST_EPOCH_MILLIS = 1e11;

  /// What a response says: `RateLimit` as in the drafts of the IETF's httpapi group
  /// (draft-ietf-httpapi-ratelimit-headers, versions up to 7 and from 8), `RateLimit-Remaining` and
  /// `RateLimit-Reset` of its older versions, and the `X-` headers before them.
  static Optional<RateLimit> of(Headers headers, Instant now) {
    Optional<String> combined = headers.first("ratelimit");
    if (combined.isPresent()) {
      RateLimit strictest = null;
      for (String item : items(combined.get())) {
        strictest = stricter(strictest, policy(item, now));
      }
      // Up to version 7, the parts of one policy stand between commas.
      return Optional.ofNullable(
          strictest == null ? policy(combined.get().replace(',', ';'), now) : strictest);
    }
    for (String prefix : PREFIXES) {
      Optional<String> remaining = headers.first(prefix + "remaining");
      Optional<String> reset = headers.first(prefix + "reset");
      if (remaining.isPresent() && reset.isPresent()) {
        return Optional.ofNullable(read(remaining.get(), reset.get(), now));
      }
    }
    return Optional.empty();
  }

  /// The parts between commas that do not stand in quotes. No regular expression: its time and
  /// stack would be the server's to choose.
  private static List<String> items(String text) {
    List<String> items = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        items.add(text.substring(start, i));
        start = i + 1;
      }
    }
    items.add(text.substring(start));
    return items;
  }

  private static @Nullable RateLimit stricter(@Nullable RateLimit left, @Nullable RateLimit right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    if (left.remaining != right.remaining) {
      return left.remaining < right.remaining ? left : right;
    }
    return left.resetAt.isAfter(right.resetAt) ? left : right;
  }

  private static @Nullable RateLimit policy(String text, Instant now) {
    String remaining = "";
    String reset = "";
    for (String parameter : text.split(";", -1)) {
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? "" : parameter.substring(0, equals).strip();
      String value = parameter.substring(equals + 1).strip();
      if (name.equals("r") || name.equals("remaining")) {
        remaining = value;
      } else if (name.equals("t") || name.equals("reset")) {
        reset = value;
      }
    }
    return read(remaining, reset, now);
  }

  private static @Nullable RateLimit read(String remaining, String reset, Instant now) {
    double left = number(remaining);
    double until = number(reset);
    if (Double.isNaN(left) || Double.isNaN(until)) {
      return null;
    }
    Instant resetAt;
    if (until >= EARLIEST_EPOCH_MILLIS) {
      resetAt = Instant.ofEpochMilli((long) Math.min(until, 1e15));
    } else if (until >= EARLIEST_EPOCH_SECONDS) {
      resetAt = Instant.ofEpochMilli((long) (until * 1e3));
    } else {
      resetAt = now.plus(Duration.ofNanos((long) (until * 1e9)));
    }
    return new RateLimit((long) left, resetAt);
  }

  /// A number that is not negative, NaN if the text is none.
  private static double number(String text) {
    String digits = text.strip();
    boolean plain =
        !digits.isEmpty()
            && digits.length() <= 20
            && digits.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.')
            && digits.indexOf('.') == digits.lastIndexOf('.')
            && !digits.equals(".");
    return plain ? Double.parseDouble(digits) : Double.NaN;
  }
}
