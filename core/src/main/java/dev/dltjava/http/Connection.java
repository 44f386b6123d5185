package dev.dltjava.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpObject;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One connection to a server: serves one request at a time. [#send] is called by any thread, all
/// else happens on the channel's event loop.
final class Connection extends ChannelInboundHandlerAdapter {
  /// More than the longest headers and all interim responses take. What the decoder skips, such as
  /// empty lines, has no bound of its own.
  private static final long MOST_BYTES_BEFORE_HEAD = 4 << 20;

  private final Channel channel;
  private final Endpoint endpoint;
  private final ClientContext context;
  private final Duration timeout;

  /// What the messages are for, if it is not the server itself; a tunnel is as good as the server.
  private final @Nullable Proxy proxy;

  private final ResponseDecoder decoder;
  private final Consumer<Connection> whenFree;
  private @Nullable Flight flight;
  private boolean reused;

  /// A request whose response is not complete.
  private static final class Flight {
    private final HttpRequest request;
    private final FetchScope scope;
    private final CompletableFuture<HttpResponse> result;
    private final ResponseAssembly assembly;
    private final long startNanos;
    private @Nullable Future<?> timer;

    private Flight(
        HttpRequest request,
        FetchScope scope,
        CompletableFuture<HttpResponse> result,
        ResponseAssembly assembly,
        long startNanos) {
      this.request = request;
      this.scope = scope;
      this.result = result;
      this.assembly = assembly;
      this.startNanos = startNanos;
    }
  }

  /// @param decoder the handler that sits before this one
  /// @param whenFree called on the event loop when the next request can be sent
  Connection(
      Channel channel,
      Endpoint endpoint,
      ClientContext context,
      ResponseDecoder decoder,
      Consumer<Connection> whenFree) {
    this.channel = channel;
    this.endpoint = endpoint;
    this.context = context;
    this.timeout = context.options().timeout();
    this.proxy = endpoint.secure() ? null : context.options().proxies().to(endpoint).orElse(null);
    this.decoder = decoder;
    this.whenFree = whenFree;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  boolean isOpen() {
    return channel.isActive();
  }

  void close() {
    channel.close();
  }

  void whenClosed(Runnable action) {
    channel.closeFuture().addListener(closed -> action.run());
  }

  /// Sends a request; the future ends with a complete response or with a [Fault]. Cancelling it
  /// closes the connection.
  CompletableFuture<HttpResponse> send(HttpRequest request) {
    return send(request, FetchScope.plain());
  }

  /// As [#send(HttpRequest)], with the client's credentials if they are for this server.
  CompletableFuture<HttpResponse> send(HttpRequest request, FetchScope scope) {
    CompletableFuture<HttpResponse> result = new CompletableFuture<>();
    try {
      channel.eventLoop().execute(() -> begin(request, scope, result));
    } catch (RejectedExecutionException ended) {
      channel.close();
      result.completeExceptionally(Fault.closed());
    }
    return result;
  }

  private void begin(
      HttpRequest request, FetchScope scope, CompletableFuture<HttpResponse> result) {
    if (result.isDone()) {
      whenFree.accept(this);
      return;
    }
    if (!channel.isActive()) {
      result.completeExceptionally(ConnectionFaults.unanswered(endpoint, canRepeat(request), null));
      return;
    }
    Flight begun =
        new Flight(
            request,
            scope,
            result,
            new ResponseAssembly(channel.alloc(), context.options().limits(), context.counters()),
            now());
    flight = begun;
    decoder.expect(request.method().equals("HEAD"), begun.startNanos);
    result.whenComplete(
        (response, error) -> {
          if (result.isCancelled()) {
            channel.close();
          }
        });
    watch(begun);
    try {
      write(begun);
    } catch (RuntimeException error) {
      fail(begun, Fault.unforeseen(error));
    }
  }

  private void write(Flight begun) {
    HttpRequest request =
        begun.scope.isHome(begun.request.url())
            ? context.credentials().get().addTo(begun.request)
            : begun.request;
    String userAgent = context.options().userAgent();
    channel
        .writeAndFlush(
            proxy == null
                ? RequestWriter.message(request, userAgent)
                : RequestWriter.proxied(request, userAgent, proxy))
        .addListener(
            done -> {
              if (done.cause() != null) {
                fail(begun, broken(begun, done.cause()));
              }
            });
  }

  @Override
  public void channelRead(ChannelHandlerContext handlerContext, Object message) {
    try {
      Flight current = flight;
      if (current == null) {
        // Bytes that nobody asked for: what follows could be taken for another response.
        channel.close();
      } else if (message instanceof HttpObject part && current.assembly.accept(part)) {
        complete(current);
      }
    } catch (Fault fault) {
      fail(flight, fault);
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext handlerContext) {
    Flight current = flight;
    if (current != null
        && !current.assembly.hasHead()
        && decoder.readBytes() > MOST_BYTES_BEFORE_HEAD) {
      fail(current, ConnectionFaults.headless(endpoint));
    }
    handlerContext.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext handlerContext) {
    Flight current = flight;
    if (current != null) {
      fail(current, broken(current, null));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext handlerContext, Throwable reported) {
    Flight current = flight;
    if (current == null) {
      channel.close();
      return;
    }
    Throwable cause = ConnectionFaults.unwrapped(reported);
    if (cause instanceof SSLException && !decoder.touched()) {
      // With TLS 1.3, a server refuses a client after the client's handshake.
      fail(
          current,
          ConnectionFaults.handshaking(endpoint, timeout, context.trust().source(), cause));
    } else {
      fail(
          current, cause instanceof IOException ? broken(current, cause) : Fault.unforeseen(cause));
    }
  }

  private void complete(Flight current) throws Fault {
    HttpResponse response =
        current.assembly.finish(current.request.url(), context.clock().instant());
    land(current);
    if (current.assembly.isKeptAlive() && !decoder.hasSurplus() && channel.isActive()) {
      reused = true;
      whenFree.accept(this);
    } else {
      channel.close();
    }
    if (!current.result.complete(response)) {
      response.close();
    }
  }

  private void fail(@Nullable Flight failed, Fault fault) {
    if (failed == null || failed != flight) {
      return;
    }
    land(failed);
    failed.assembly.release();
    channel.close();
    failed.result.completeExceptionally(fault);
  }

  private void land(Flight landed) {
    flight = null;
    if (landed.timer != null) {
      landed.timer.cancel(false);
    }
  }

  private Fault broken(Flight current, @Nullable Throwable cause) {
    return decoder.touched()
        ? ConnectionFaults.cutOff(endpoint, cause)
        : ConnectionFaults.unanswered(endpoint, canRepeat(current.request), cause);
  }

  /// Whether a request that got no answer was not seen by the server, most likely.
  private boolean canRepeat(HttpRequest request) {
    return reused && !request.method().equals("POST");
  }

  /// Fails the request when no byte has arrived for the time-out, and when it takes too long in
  /// all.
  private void watch(Flight watched) {
    Duration longest = context.options().maximumResponse();
    long quiet = timeout.toNanos() - (now() - decoder.lastReadNanos());
    long left = longest.toNanos() - (now() - watched.startNanos);
    if (quiet <= 0) {
      String what = watched.assembly.hasHead() ? "no further byte" : "no answer";
      fail(watched, ConnectionFaults.timeout(what + " from " + endpoint, timeout, null));
    } else if (left <= 0) {
      fail(watched, ConnectionFaults.tooSlow(endpoint, longest));
    } else {
      watched.timer =
          channel
              .eventLoop()
              .schedule(() -> watch(watched), Math.min(quiet, left), TimeUnit.NANOSECONDS);
    }
  }

  private long now() {
    return channel.eventLoop().ticker().nanoTime();
  }
}
