package dev.dltjava.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Lets requests pass as fast as their host may be asked, in their order. Any thread. Futures are
/// completed outside the lock, since their dependents call back.
final class RateGate {
  /// Runs an action after a while.
  interface Timer {
    void schedule(Runnable action, Duration delay);
  }

  private final HttpOptions options;
  private final InstantSource clock;
  private final Timer timer;

  /// Guarded by this object.
  private final Map<Endpoint, Host> hosts = new HashMap<>();

  private static final class Host {
    private final HostRate rate;
    private final Deque<Waiter> waiting = new ArrayDeque<>();
    private boolean timed;

    private Host(HostRate rate) {
      this.rate = rate;
    }
  }

  /// A request in line. `held` says whether a rate made it wait, not only the requests before it.
  private static final class Waiter {
    private final CompletableFuture<Duration> result = new CompletableFuture<>();
    private final Instant since;
    private boolean held;

    private Waiter(Instant since) {
      this.since = since;
    }
  }

  RateGate(HttpOptions options, InstantSource clock, Timer timer) {
    this.options = options;
    this.clock = clock;
    this.timer = timer;
  }

  /// Asks to send one request; the future ends with how long a rate held it back. Whoever gets it
  /// calls [#leave] once; who no longer needs it cancels the future.
  CompletableFuture<Duration> enter(Endpoint endpoint) {
    Waiter waiter = new Waiter(clock.instant());
    synchronized (this) {
      hosts.computeIfAbsent(endpoint, any -> new Host(rate())).waiting.add(waiter);
    }
    drain(endpoint);
    return waiter.result;
  }

  /// Tells that a request is no longer under way.
  ///
  /// @param headers of its response, `null` if none came
  void leave(Endpoint endpoint, @Nullable Headers headers) {
    synchronized (this) {
      Host host = hosts.get(endpoint);
      if (host != null) {
        host.rate.answered(headers, clock.instant());
      }
    }
    drain(endpoint);
  }

  private HostRate rate() {
    double perSecond = options.requestsPerSecond();
    Duration interval =
        perSecond == 0 ? Duration.ZERO : Duration.ofNanos((long) Math.ceil(1e9 / perSecond));
    return new HostRate(options.maximumConnectionsPerHost(), interval, options.maximumRetryDelay());
  }

  private void drain(Endpoint endpoint) {
    List<Waiter> admitted = new ArrayList<>();
    Duration wait = Duration.ZERO;
    Instant now = clock.instant();
    synchronized (this) {
      Host host = hosts.get(endpoint);
      if (host == null) {
        return;
      }
      while (!host.waiting.isEmpty()) {
        if (host.waiting.peek().result.isDone()) {
          host.waiting.remove();
        } else if (host.rate.isFull(now)) {
          break;
        } else {
          wait = host.rate.delay(now);
          if (!wait.isZero()) {
            break;
          }
          host.rate.sent(now);
          admitted.add(host.waiting.remove());
        }
      }
      if (wait.isZero() || host.timed) {
        wait = Duration.ZERO;
      } else {
        host.timed = true;
      }
      if (host.timed) {
        host.waiting.forEach(waiter -> waiter.held = true);
      } else if (host.waiting.isEmpty() && host.rate.isIdle() && options.requestsPerSecond() == 0) {
        hosts.remove(endpoint);
      }
    }
    if (!wait.isZero()) {
      timer.schedule(() -> expire(endpoint), wait);
    }
    for (Waiter waiter : admitted) {
      Duration held = waiter.held ? Duration.between(waiter.since, now) : Duration.ZERO;
      if (!waiter.result.complete(held)) {
        leave(endpoint, null);
      }
    }
  }

  private void expire(Endpoint endpoint) {
    synchronized (this) {
      Host host = hosts.get(endpoint);
      if (host != null) {
        host.timed = false;
      }
    }
    drain(endpoint);
  }
}
