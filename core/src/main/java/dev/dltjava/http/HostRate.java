package dev.dltjava.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How fast one host may be asked: by the options, and by what its responses say. Not thread-safe;
/// [RateGate] guards it.
final class HostRate {
  private final int maximumInFlight;
  private final Duration interval;
  private final Duration longestWait;
  private Instant nextSlot = Instant.MIN;
  private int inFlight;
  private @Nullable RateLimit limit;

  /// @param interval between two requests
  /// @param longestWait for a server's reset
  HostRate(int maximumInFlight, Duration interval, Duration longestWait) {
    this.maximumInFlight = maximumInFlight;
    this.interval = interval;
    this.longestWait = longestWait;
  }

  /// Whether the next request has to wait for the end of another one.
  boolean isFull(Instant now) {
    if (limit != null && !now.isBefore(limit.resetAt())) {
      limit = null;
    }
    // The requests under way may not be in the server's count yet.
    return inFlight >= maximumInFlight
        || limit != null && inFlight > 0 && limit.remaining() > 0 && limit.remaining() <= inFlight;
  }

  /// How long the next request has to wait, if the host is not full.
  Duration delay(Instant now) {
    Instant from = nextSlot;
    if (limit != null && limit.remaining() == 0 && limit.resetAt().isAfter(from)) {
      from = limit.resetAt();
    }
    return from.isAfter(now) ? Duration.between(now, from) : Duration.ZERO;
  }

  void sent(Instant now) {
    inFlight++;
    if (!interval.isZero()) {
      nextSlot = now.plus(interval);
    }
  }

  /// @param headers of the response, `null` if none came
  void answered(@Nullable Headers headers, Instant now) {
    inFlight--;
    Optional<RateLimit> said = headers == null ? Optional.empty() : RateLimit.of(headers, now);
    if (said.isPresent()) {
      Instant latest = now.plus(longestWait);
      Instant resetAt = said.get().resetAt();
      limit = new RateLimit(said.get().remaining(), resetAt.isAfter(latest) ? latest : resetAt);
    }
  }

  boolean isIdle() {
    return inFlight == 0 && limit == null;
  }
}
