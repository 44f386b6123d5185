package dev.dltjava.http;

import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One fetch: its redirects and its attempts, one step after another. The steps run on event loops,
/// each after the one before; only the result may be ended by another thread, which aborts the step
/// under way.
final class Exchange {
  private static final int NOT_MODIFIED = 304;

  private final HttpRequest request;
  private final FetchScope scope;
  private final ClientContext context;
  private final ConnectionPool pool;
  private final RateGate gate;
  private final RetryPolicy retryPolicy;
  private final CompletableFuture<HttpResponse> result = new CompletableFuture<>();
  private int attempt = 1;

  /// Waits that no request was sent after yet.
  private long waitedNanos;

  private volatile Runnable abort = () -> {};

  /// One request of an attempt, which redirects may lead to.
  ///
  /// @param request what to send
  /// @param redirects redirects followed so far
  /// @param fresh whether it must be a new connection, because the one before failed: whatever
  ///   ended that one, a router that forgot it or a server that began anew, most likely ended the
  ///   idle ones too, of which each would cost an attempt
  private record Hop(HttpRequest request, int redirects, boolean fresh) {}

  /// When a request looked for a connection, and how long it had waited until then.
  private record Trial(long startNanos, long waitedNanos) {}

  Exchange(
      HttpRequest request,
      FetchScope scope,
      ClientContext context,
      ConnectionPool pool,
      RateGate gate) {
    this.request = request;
    this.scope = scope;
    this.context = context;
    this.pool = pool;
    this.gate = gate;
    HttpOptions options = context.options();
    this.retryPolicy = new RetryPolicy(options.backoffFactor(), options.maximumRetryDelay());
    result.whenComplete(
        (response, error) -> {
          if (error != null) {
            abort.run();
          }
        });
  }

  CompletableFuture<HttpResponse> result() {
    return result;
  }

  /// Ends the fetch because its client is closed.
  void close() {
    result.completeExceptionally(Fault.closed().toException(context.masked(request.url()), 1));
  }

  void start() {
    begin(false);
  }

  private void begin(boolean fresh) {
    enter(new Hop(request, 0, fresh));
  }

  /// Waits until the host may be asked.
  private void enter(Hop hop) {
    if (result.isDone()) {
      return;
    }
    Endpoint endpoint = Endpoint.of(hop.request.url());
    CompletableFuture<Duration> entering = gate.enter(endpoint);
    abortBy(() -> entering.cancel(true));
    entering.whenComplete(
        (held, error) -> {
          // Only the end of the result cancels it.
          if (error == null) {
            guarded(
                hop,
                () -> {
                  countWait(held);
                  acquire(hop, endpoint);
                });
          }
        });
  }

  private void acquire(Hop hop, Endpoint endpoint) {
    if (result.isDone()) {
      gate.leave(endpoint, null);
      return;
    }
    Trial trial = new Trial(System.nanoTime(), waitedNanos);
    waitedNanos = 0;
    CompletableFuture<Connection> acquiring = pool.acquire(endpoint, hop.fresh);
    abortBy(() -> acquiring.cancel(true));
    acquiring.whenComplete(
        (connection, error) ->
            guarded(
                hop,
                () -> {
                  if (error != null) {
                    gate.leave(endpoint, null);
                    Fault fault = Fault.unforeseen(error);
                    log(hop, trial, null, fault);
                    failed(hop, fault);
                  } else if (result.isDone()) {
                    pool.release(connection);
                    gate.leave(endpoint, null);
                  } else {
                    send(hop, endpoint, connection, trial);
                  }
                }));
  }

  private void send(Hop hop, Endpoint endpoint, Connection connection, Trial trial) {
    CompletableFuture<HttpResponse> sending = connection.send(conditional(hop), scope);
    abortBy(() -> sending.cancel(true));
    sending.whenComplete(
        (response, error) ->
            guarded(
                hop,
                () -> {
                  gate.leave(endpoint, error == null ? response.headers() : null);
                  if (error != null) {
                    Fault fault = Fault.unforeseen(error);
                    log(hop, trial, null, fault);
                    failed(hop, fault);
                  } else {
                    log(hop, trial, response, null);
                    answered(hop, response);
                  }
                }));
  }

  private HttpRequest conditional(Hop hop) {
    return scope.known() == null || hop.redirects > 0
        ? hop.request
        : scope.known().addTo(hop.request);
  }

  private void answered(Hop hop, HttpResponse response) {
    if (isFinal(response)) {
      end(response);
      return;
    }
    Optional<HttpRequest> next;
    try {
      next = Redirects.next(hop.request, response, hop.redirects);
    } catch (Fault fault) {
      response.close();
      failed(hop, fault);
      return;
    }
    if (next.isPresent()) {
      response.close();
      context.counters().redirects.increment();
      enter(new Hop(next.get(), hop.redirects + 1, false));
    } else if (RetryPolicy.isRetried(response.status()) && mayTryAgain()) {
      String retryAfter = response.headers().first("retry-after").orElse(null);
      response.close();
      retry(hop, retryPolicy.delay(attempt, retryAfter, context.clock().instant()), false);
    } else {
      end(response);
    }
  }

  /// As dlt does: its response hooks see a response before redirects and retries do.
  private boolean isFinal(HttpResponse response) {
    return (Redirects.isRedirect(response.status()) || RetryPolicy.isRetried(response.status()))
        && scope.isFinal().test(response);
  }

  private void end(HttpResponse response) {
    context.counters().responses.increment();
    scope.tally().countBody(response.bodyBytes());
    if (response.status() == NOT_MODIFIED) {
      scope.tally().countNotModified();
    }
    if (!result.complete(response)) {
      response.close();
    }
  }

  private void log(Hop hop, Trial trial, @Nullable HttpResponse response, @Nullable Fault fault) {
    // What a caller has cancelled did not end by itself.
    if (!context.log().isKept() || result.isDone()) {
      return;
    }
    context
        .log()
        .add(
            new RequestLog.Entry(
                hop.request.method(),
                RequestLog.shortened(context.masked(hop.request.url())),
                response == null ? 0 : response.status(),
                fault == null ? null : fault.getMessage(),
                Duration.ofNanos(System.nanoTime() - trial.startNanos),
                response == null ? 0 : response.bodyBytes(),
                attempt,
                Duration.ofNanos(trial.waitedNanos)));
  }

  private void countWait(Duration wait) {
    waitedNanos += wait.toNanos();
    context.counters().waitedNanos.add(wait.toNanos());
    scope.tally().countWait(wait.toNanos());
  }

  private void failed(Hop hop, Fault fault) {
    if (fault.remedy() == Fault.Remedy.RECONNECT && !hop.fresh) {
      enter(new Hop(hop.request, hop.redirects, true));
    } else if (fault.remedy() != Fault.Remedy.NONE && mayTryAgain()) {
      retry(hop, retryPolicy.delay(attempt, null, context.clock().instant()), true);
    } else {
      result.completeExceptionally(fault.toException(context.masked(hop.request.url()), attempt));
    }
  }

  private boolean mayTryAgain() {
    return attempt < context.options().maximumAttempts() && scope.isWanted().getAsBoolean();
  }

  /// Begins anew after a wait, at the first URL, as dlt does.
  private void retry(Hop hop, Duration delay, boolean fresh) {
    if (result.isDone()) {
      return;
    }
    attempt++;
    context.counters().retries.increment();
    scope.tally().countRetry();
    countWait(delay);
    try {
      ScheduledFuture<?> timer =
          context
              .loops()
              .group()
              .next()
              .schedule(
                  () -> guarded(hop, () -> begin(fresh)), delay.toNanos(), TimeUnit.NANOSECONDS);
      abortBy(() -> timer.cancel(false));
    } catch (RejectedExecutionException ended) {
      close();
    }
  }

  /// Names what ends the step under way; the result may have ended meanwhile.
  private void abortBy(Runnable action) {
    abort = action;
    if (result.isDone()) {
      action.run();
    }
  }

  /// A fault of this library must not leave the caller without a result.
  private void guarded(Hop hop, Runnable step) {
    try {
      step.run();
    } catch (Throwable error) {
      result.completeExceptionally(
          Fault.unforeseen(error).toException(context.masked(hop.request.url()), attempt));
    }
  }
}
