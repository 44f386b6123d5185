package dev.dltjava.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Establishes connections: looks the name up, tries its addresses in turn, and shakes hands if the
/// URL says https.
final class Connector {
  private final ClientContext context;

  Connector(ClientContext context) {
    this.context = context;
  }

  /// The future ends with a connection or with a [Fault]; cancelling it closes the socket.
  ///
  /// @param whenFree called by the connection after each of its requests
  CompletableFuture<Connection> connect(Endpoint endpoint, Consumer<Connection> whenFree) {
    Attempt attempt = new Attempt(endpoint, whenFree);
    try {
      InetAddress address = literal(attempt.dialled.host());
      if (address != null && !endpoint.secure()) {
        attempt.connect(new InetAddress[] {address}, 0, null);
      } else {
        context.loops().lookups().execute(attempt::lookUp);
      }
    } catch (RejectedExecutionException ended) {
      attempt.result.completeExceptionally(Fault.closed());
    }
    return attempt.result;
  }

  private static @Nullable InetAddress literal(String host) {
    boolean canBe = host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || c <= '9');
    try {
      return canBe ? InetAddress.ofLiteral(host) : null;
    } catch (IllegalArgumentException name) {
      return null;
    }
  }

  /// One connection in the making.
  private final class Attempt {
    private final Endpoint endpoint;
    private final @Nullable Proxy proxy;

    /// Where the socket leads: to the server or to a proxy.
    private final Endpoint dialled;

    private final Consumer<Connection> whenFree;
    private final CompletableFuture<Connection> result = new CompletableFuture<>();

    private Attempt(Endpoint endpoint, Consumer<Connection> whenFree) {
      this.endpoint = endpoint;
      this.proxy = context.options().proxies().to(endpoint).orElse(null);
      this.dialled = proxy == null ? endpoint : proxy.endpoint();
      this.whenFree = whenFree;
    }

    /// Runs on a thread that may block.
    private void lookUp() {
      try {
        SSLContext tls = endpoint.secure() ? context.trust().context() : null;
        connect(InetAddress.getAllByName(dialled.host()), 0, tls);
      } catch (UnknownHostException unknown) {
        result.completeExceptionally(ConnectionFaults.unknownHost(dialled, unknown));
      } catch (Throwable error) {
        result.completeExceptionally(Fault.unforeseen(error));
      }
    }

    private void connect(InetAddress[] addresses, int index, @Nullable SSLContext tls) {
      if (result.isDone()) {
        return;
      }
      Tunnel tunnel = proxy != null && endpoint.secure() ? new Tunnel(proxy, endpoint) : null;
      Initializer initializer = new Initializer(endpoint, whenFree, tls, tunnel);
      ChannelFuture connecting =
          bootstrap()
              .handler(initializer)
              .connect(new InetSocketAddress(addresses[index], dialled.port()));
      abortWith(connecting.channel());
      connecting.addListener(
          done -> {
            if (done.isSuccess()) {
              connected(connecting.channel(), initializer);
            } else if (index + 1 < addresses.length) {
              connect(addresses, index + 1, tls);
            } else {
              result.completeExceptionally(
                  ConnectionFaults.connecting(dialled, context.options().timeout(), done.cause()));
            }
          });
    }

    private void connected(Channel channel, Initializer initializer) {
      if (initializer.tunnel == null) {
        secured(channel, initializer);
        return;
      }
      initializer
          .tunnel
          .open(channel, context.options().timeout())
          .whenComplete(
              (opened, error) -> {
                if (error != null) {
                  channel.close();
                  result.completeExceptionally(Fault.unforeseen(error));
                } else {
                  initializer.fill(channel);
                  secured(channel, initializer);
                }
              });
    }

    private void secured(Channel channel, Initializer initializer) {
      SslHandler tls = initializer.tls;
      if (tls == null) {
        established(channel, initializer);
        return;
      }
      tls.handshakeFuture()
          .addListener(
              done -> {
                if (done.isSuccess()) {
                  established(channel, initializer);
                } else {
                  channel.close();
                  result.completeExceptionally(
                      ConnectionFaults.handshaking(
                          endpoint,
                          context.options().timeout(),
                          context.trust().source(),
                          done.cause()));
                }
              });
    }

    private void established(Channel channel, Initializer initializer) {
      Connection connection = initializer.connection;
      context.counters().connections.increment();
      if (connection == null || !result.complete(connection)) {
        channel.close();
      }
    }

    private void abortWith(Channel channel) {
      result.whenComplete(
          (connection, error) -> {
            if (error != null) {
              channel.close();
            }
          });
    }
  }

  private Bootstrap bootstrap() {
    long timeout = context.options().timeout().toMillis();
    return new Bootstrap()
        .group(context.loops().group())
        .channelFactory(NioSocketChannel::new)
        .disableResolver()
        .option(ChannelOption.ALLOCATOR, context.loops().allocator())
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.clamp(timeout, 1, Integer.MAX_VALUE))
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true);
  }

  /// Fills a channel's pipeline, on its event loop, before it is connected.
  private final class Initializer extends ChannelInitializer<Channel> {
    private final Endpoint endpoint;
    private final Consumer<Connection> whenFree;
    private final @Nullable SSLContext tlsContext;

    /// Stands in the pipeline before all else, until it leads to the server.
    private final @Nullable Tunnel tunnel;

    private @Nullable SslHandler tls;
    private @Nullable Connection connection;

    private Initializer(
        Endpoint endpoint,
        Consumer<Connection> whenFree,
        @Nullable SSLContext tlsContext,
        @Nullable Tunnel tunnel) {
      this.endpoint = endpoint;
      this.whenFree = whenFree;
      this.tlsContext = tlsContext;
      this.tunnel = tunnel;
    }

    @Override
    protected void initChannel(Channel channel) {
      if (tunnel == null) {
        fill(channel);
      } else {
        channel.pipeline().addLast(tunnel);
      }
    }

    private void fill(Channel channel) {
      if (tlsContext != null) {
        SslHandler handler = new SslHandler(TrustedCertificates.engine(tlsContext, endpoint));
        handler.setHandshakeTimeout(context.options().timeout().toMillis(), TimeUnit.MILLISECONDS);
        channel.config().setRecvByteBufAllocator(new HeapReads());
        channel.pipeline().addLast(handler);
        tls = handler;
      }
      ResponseDecoder decoder = new ResponseDecoder();
      Connection last = new Connection(channel, endpoint, context, decoder, whenFree);
      channel.pipeline().addLast(decoder, new HttpRequestEncoder(), last);
      connection = last;
    }
  }
}
