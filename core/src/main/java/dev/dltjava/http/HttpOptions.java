package dev.dltjava.http;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.limits.Limits;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a client connects, waits and tries again.
///
/// @param timeout longest wait for a connection, and for the next byte of a response
/// @param maximumAttempts tries of one request, at least 1
/// @param backoffFactor the n-th wait between tries is this times `2^(n-1)` seconds
/// @param maximumRetryDelay longest wait between tries
/// @param caFile PEM file with the certificates to trust; without it, https is refused
/// @param maximumConnectionsPerHost most open connections to one scheme, host and port; further
///   requests wait for one of them
/// @param userAgent the user-agent header of requests that have none, such as `dlt-java/0.1.0`
/// @param limits the bounds on what comes from outside
/// @param requestsPerSecond most requests sent to one scheme, host and port in a second, 0 if only
///   the server's own limits count
/// @param proxies through which servers are reached
/// @param maximumResponse longest time that one response may take, from its request to its last
///   byte: more than the longest body needs, less than a server that sends a byte a minute would
///   keep the caller waiting
public record HttpOptions(
    Duration timeout,
    int maximumAttempts,
    double backoffFactor,
    Duration maximumRetryDelay,
    @Nullable Path caFile,
    int maximumConnectionsPerHost,
    String userAgent,
    Limits limits,
    double requestsPerSecond,
    Proxies proxies,
    Duration maximumResponse) {
  /// The longest time that an option may say: its nanoseconds fit a long many times over.
  private static final Duration LONGEST = Duration.ofDays(20);

  /// A gigabyte at 0.3 MB a second.
  private static final Duration LONGEST_RESPONSE = Duration.ofHours(1);

  /// One request an hour, about.
  public static final double SLOWEST = 0.0003;

  /// More than one connection carries.
  public static final double FASTEST = 1e6;

  /// The options of dlt's own client; without https.
  public static final HttpOptions DEFAULT =
      new HttpOptions(
          Duration.ofSeconds(60),
          5,
          1,
          Duration.ofSeconds(300),
          null,
          50,
          "dlt-java",
          Limits.DEFAULT);

  public HttpOptions {
    check(
        timeout.toMillis() >= 1 && timeout.compareTo(LONGEST) <= 0,
        "timeout_seconds must be at least 0.001 and at most 20 days");
    check(maximumAttempts >= 1, "max_attempts must be at least 1");
    check(
        backoffFactor >= 0 && Double.isFinite(backoffFactor),
        "backoff_factor must be a number that is at least 0");
    check(
        !maximumRetryDelay.isNegative() && maximumRetryDelay.compareTo(LONGEST) <= 0,
        "max_retry_delay_seconds must be at least 0 and at most 20 days");
    check(maximumConnectionsPerHost >= 1, "the connections per host must be at least 1");
    check(
        requestsPerSecond == 0 || requestsPerSecond >= SLOWEST && requestsPerSecond <= FASTEST,
        "requests_per_second must be a number from " + SLOWEST + " to " + FASTEST);
    check(
        maximumResponse.toMillis() >= 1 && maximumResponse.compareTo(LONGEST) <= 0,
        "max_response_seconds must be at least 0.001 and at most 20 days");
    new Header("user-agent", userAgent).checkSendable();
  }

  /// Options of a client that keeps only to the servers' own limits, and needs no proxy.
  public HttpOptions(
      Duration timeout,
      int maximumAttempts,
      double backoffFactor,
      Duration maximumRetryDelay,
      @Nullable Path caFile,
      int maximumConnectionsPerHost,
      String userAgent,
      Limits limits) {
    this(
        timeout,
        maximumAttempts,
        backoffFactor,
        maximumRetryDelay,
        caFile,
        maximumConnectionsPerHost,
        userAgent,
        limits,
        0,
        Proxies.NONE,
        LONGEST_RESPONSE);
  }

  private static void check(boolean valid, String message) {
    if (!valid) {
      throw new DltJavaException(ErrorCode.OPTIONS, ErrorLocation.NONE, message);
    }
  }
}
