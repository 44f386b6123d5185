package dev.dltjava.http;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.fuzz.Bytes;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Headers of servers never fail the client, and never make it wait longer than it may; what URLs
/// they hold can be sent as one request line, to a server that is checked for being foreign.
public final class HeaderFuzzTarget {
  private static final Duration LONGEST = Duration.ofSeconds(300);
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  /// A line of input is the value of each, in turn.
  private static final List<String> NAMES =
      List.of(
          "RateLimit",
          "X-RateLimit-Remaining",
          "X-RateLimit-Reset",
          "ETag",
          "Last-Modified",
          "Date",
          "Vary",
          "Cache-Control");

  private static final HttpRequest REQUEST =
      HttpRequest.get(
          "http://user:s3cret@origin.example:8080/a/b?page=1&key=s3cret",
          new Headers(
              List.of(
                  new Header("Authorization", "s3cret"),
                  new Header("X-Api-Key", "s3cret"),
                  new Header("Accept", "*/*"))));

  private HeaderFuzzTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    List<String> lines = Bytes.lines(input, NAMES.size() + 1);
    Duration delay = new RetryPolicy(1, LONGEST).delay(3, lines.getFirst(), NOW);
    Bytes.require(
        !delay.isNegative() && delay.compareTo(LONGEST) <= 0, lines.getFirst() + ": " + delay);
    List<Header> headers = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      headers.add(new Header(NAMES.get(i % NAMES.size()), lines.get(i)));
    }
    Headers all = new Headers(headers);
    for (Headers some : List.of(all, all.without("ratelimit"))) {
      RateLimit.of(some, NOW)
          .ifPresent(limit -> Bytes.require(isPlausible(limit), lines.getFirst() + ": " + limit));
    }
    Validator.of(all);
    redirect(lines.getFirst());
  }

  private static boolean isPlausible(RateLimit limit) {
    // What it counts with are milliseconds.
    return limit.remaining() >= 0
        && !limit.resetAt().isBefore(NOW.minusSeconds(NOW.getEpochSecond()))
        && limit.resetAt().toEpochMilli() > 0;
  }

  private static void redirect(String location) {
    HttpRequest next;
    try {
      next = REQUEST.following(location);
    } catch (DltJavaException refused) {
      Bytes.require(refused.code() == ErrorCode.OPTIONS, refused.toString());
      Bytes.require(!String.valueOf(refused.getMessage()).contains("s3cret"), refused.toString());
      return;
    } catch (IllegalArgumentException notUrl) {
      // Whoever follows links and redirects expects it.
      return;
    }
    URI url = next.url();
    Endpoint endpoint = Endpoint.of(url);
    String line = Urls.target(url) + " " + endpoint.hostHeader();
    Bytes.require(
        line.chars().filter(c -> c == ' ').count() == 1
            && line.chars().allMatch(c -> c >= ' ' && c < 0x7F),
        "cannot be one request line: " + line);
    boolean foreign = Redirects.isForeign(Endpoint.of(REQUEST.url()), endpoint);
    Bytes.require(foreign != next.headers().contains("authorization"), next.toString());
    Bytes.require(foreign != next.headers().contains("x-api-key"), next.toString());
    RequestWriter.message(next, "test").release();
    String masked = Urls.masked(url, Set.of("page"));
    Bytes.require(
        !masked.contains("s3cret") || location.contains("s3cret"), "not masked: " + masked);
  }
}
