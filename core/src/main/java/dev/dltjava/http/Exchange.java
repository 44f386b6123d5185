package dev.dltjava.http;

import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// One fetch: its redirects and its attempts, one step after another. The steps run on event loops,
/// each after the one before; only the result may be ended by another thread, which aborts the step
/// under way.
final class Exchange {
  private final HttpRequest request;
  private final ClientContext context;
  private final ConnectionPool pool;
  private final RetryPolicy retryPolicy;
  private final CompletableFuture<HttpResponse> result = new CompletableFuture<>();
  private int attempt = 1;
  private volatile Runnable abort = () -> {};

  /// One request of an attempt, which redirects may lead to.
  ///
  /// @param request what to send
  /// @param redirects redirects followed so far
  /// @param reconnected whether an idle connection turned out to be closed
  private record Hop(HttpRequest request, int redirects, boolean reconnected) {}

  Exchange(HttpRequest request, ClientContext context, ConnectionPool pool) {
    this.request = request;
    this.context = context;
    this.pool = pool;
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
    result.completeExceptionally(Fault.closed().toException(request.maskedUrl(), 1));
  }

  void start() {
    acquire(new Hop(request, 0, false));
  }

  private void acquire(Hop hop) {
    if (result.isDone()) {
      return;
    }
    CompletableFuture<Connection> acquiring =
        pool.acquire(Endpoint.of(hop.request.url()), hop.reconnected);
    abortBy(() -> acquiring.cancel(true));
    acquiring.whenComplete(
        (connection, error) ->
            guarded(
                hop,
                () -> {
                  if (error != null) {
                    failed(hop, Fault.unforeseen(error));
                  } else if (result.isDone()) {
                    pool.release(connection);
                  } else {
                    send(hop, connection);
                  }
                }));
  }

  private void send(Hop hop, Connection connection) {
    CompletableFuture<HttpResponse> sending = connection.send(hop.request);
    abortBy(() -> sending.cancel(true));
    sending.whenComplete(
        (response, error) ->
            guarded(
                hop,
                () -> {
                  if (error != null) {
                    failed(hop, Fault.unforeseen(error));
                  } else {
                    answered(hop, response);
                  }
                }));
  }

  private void answered(Hop hop, HttpResponse response) {
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
      acquire(new Hop(next.get(), hop.redirects + 1, false));
    } else if (RetryPolicy.isRetried(response.status()) && hasAttemptsLeft()) {
      String retryAfter = response.headers().first("retry-after").orElse(null);
      response.close();
      retry(hop, retryPolicy.delay(attempt, retryAfter, context.clock().instant()));
    } else {
      context.counters().responses.increment();
      if (!result.complete(response)) {
        response.close();
      }
    }
  }

  private void failed(Hop hop, Fault fault) {
    if (fault.remedy() == Fault.Remedy.RECONNECT && !hop.reconnected) {
      acquire(new Hop(hop.request, hop.redirects, true));
    } else if (fault.remedy() != Fault.Remedy.NONE && hasAttemptsLeft()) {
      retry(hop, retryPolicy.delay(attempt, null, context.clock().instant()));
    } else {
      result.completeExceptionally(fault.toException(hop.request.maskedUrl(), attempt));
    }
  }

  private boolean hasAttemptsLeft() {
    return attempt < context.options().maximumAttempts();
  }

  /// Begins anew after a wait, at the first URL, as dlt does.
  private void retry(Hop hop, Duration delay) {
    if (result.isDone()) {
      return;
    }
    attempt++;
    context.counters().retries.increment();
    context.counters().waitedNanos.add(delay.toNanos());
    try {
      ScheduledFuture<?> timer =
          context
              .loops()
              .group()
              .next()
              .schedule(() -> guarded(hop, this::start), delay.toNanos(), TimeUnit.NANOSECONDS);
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
          Fault.unforeseen(error).toException(hop.request.maskedUrl(), attempt));
    }
  }
}
