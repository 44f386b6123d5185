package dev.dltjava.http;

import dev.dltjava.limits.MemoryBudget;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Fetches URLs asynchronously, over connections that it keeps. Cheap: threads and memory belong to
/// the [EventLoops]. Any thread.
public final class HttpClient implements AutoCloseable {
  private final ClientContext context;
  private final ConnectionPool pool;
  private final RateGate gate;
  private final Set<Exchange> exchanges = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private HttpClient(ClientContext context) {
    this.context = context;
    this.pool =
        new ConnectionPool(new Connector(context), context.options().maximumConnectionsPerHost());
    this.gate =
        new RateGate(
            context.options(),
            context.clock(),
            (action, delay) ->
                context.loops().schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS));
  }

  /// A client that has no connection yet.
  ///
  /// @param loops must be closed after the client
  /// @param budget has the bytes of bodies that are arriving or not yet closed
  /// @param log gets each request that ends
  public static HttpClient open(
      EventLoops loops, HttpOptions options, MemoryBudget budget, RequestLog log) {
    return open(loops, options, budget, log, InstantSource.system());
  }

  /// As [#open(EventLoops, HttpOptions, MemoryBudget, RequestLog)], without a log.
  public static HttpClient open(EventLoops loops, HttpOptions options, MemoryBudget budget) {
    return open(loops, options, budget, new RequestLog(0));
  }

  /// As [#open(EventLoops, HttpOptions, MemoryBudget)], with the time of day from this clock.
  static HttpClient open(
      EventLoops loops, HttpOptions options, MemoryBudget budget, InstantSource clock) {
    return open(loops, options, budget, new RequestLog(0), clock);
  }

  private static HttpClient open(
      EventLoops loops,
      HttpOptions options,
      MemoryBudget budget,
      RequestLog log,
      InstantSource clock) {
    TrustedCertificates trust = new TrustedCertificates(options.caFile());
    return new HttpClient(
        new ClientContext(
            loops, options, new Counters(budget), trust, clock, new CurrentCredentials(), log));
  }

  /// Fetches a URL, with its redirects, and tries again as dlt does.
  ///
  /// The future ends with the response, whatever its status, or with a
  /// [dev.dltjava.error.DltJavaException] that has one of the codes OPTIONS, LIMIT, CONNECT, TLS,
  /// TIMEOUT, TRUNCATED, PROTOCOL, MEMORY, CLOSED and INTERNAL. Who gets the response closes it.
  /// Cancelling the future closes the connection. The future's dependents run on an event loop
  /// unless they are asynchronous, and must not block it.
  public CompletableFuture<HttpResponse> fetch(HttpRequest request) {
    return fetch(request, FetchScope.plain());
  }

  /// As [#fetch(HttpRequest)], with what is known of the fetch beside its request.
  public CompletableFuture<HttpResponse> fetch(HttpRequest request, FetchScope scope) {
    Exchange exchange = new Exchange(request, scope, context, pool, gate);
    context.counters().requests.increment();
    scope.tally().countRequest();
    exchanges.add(exchange);
    exchange.result().whenComplete((response, error) -> exchanges.remove(exchange));
    if (closed) {
      exchange.close();
    } else {
      exchange.start();
    }
    return exchange.result();
  }

  /// What identifies the caller from now on, in attempts of requests that are under way too.
  public void authorize(Credentials credentials) {
    context.credentials().set(credentials);
  }

  /// The text of a URL without secrets, for messages.
  public String masked(URI url) {
    return context.masked(url);
  }

  /// Whether a text, such as a link, has something in it that messages mask.
  public boolean isSecretIn(String text) {
    return context.isSecretIn(text);
  }

  public HttpStatistics statistics() {
    return context.counters().snapshot();
  }

  /// Ends all fetches with the code CLOSED and closes the connections; a second call does nothing.
  /// Does not wait for the sockets. Responses that were delivered stay valid.
  @Override
  public void close() {
    closed = true;
    exchanges.forEach(Exchange::close);
    pool.close();
  }

  /// Waits until no body is held any more, after [#close()]: those that were arriving are released
  /// by the event loops. False if some are held after that time.
  public boolean awaitRelease(Duration timeout) throws InterruptedException {
    return context.counters().bodyMemory.awaitNone(timeout);
  }
}
