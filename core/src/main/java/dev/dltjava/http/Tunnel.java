package dev.dltjava.http;

import dev.dltjava.error.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Asks a proxy for a connection to a server (`CONNECT`, RFC 9110, section 9.3.6), and leaves the
/// pipeline when it is there. Used by its channel's event loop only.
final class Tunnel extends ChannelInboundHandlerAdapter {
  private static final int LONGEST_ANSWER = 64 << 10;

  private final Proxy proxy;
  private final Endpoint target;
  private final CompletableFuture<Void> result = new CompletableFuture<>();
  private final StringBuilder answer = new StringBuilder();

  Tunnel(Proxy proxy, Endpoint target) {
    this.proxy = proxy;
    this.target = target;
  }

  /// Sends the request, on a channel that is connected to the proxy. The future ends when the
  /// channel leads to the server, or with a [Fault].
  CompletableFuture<Void> open(Channel channel, Duration timeout) {
    String authority = target.toString();
    StringBuilder request = new StringBuilder();
    request.append("CONNECT ").append(authority).append(" HTTP/1.1\r\n");
    request.append("host: ").append(authority).append("\r\n");
    if (!proxy.authorization().isEmpty()) {
      request.append("proxy-authorization: ").append(proxy.authorization()).append("\r\n");
    }
    channel.writeAndFlush(
        ByteBufUtil.writeAscii(channel.alloc(), request.append("\r\n").toString()));
    ScheduledFuture<?> timer =
        channel
            .eventLoop()
            .schedule(
                () ->
                    result.completeExceptionally(
                        ConnectionFaults.timeout(
                            "no answer from the proxy " + proxy, timeout, null)),
                timeout.toNanos(),
                TimeUnit.NANOSECONDS);
    result.whenComplete((done, error) -> timer.cancel(false));
    return result;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      while (bytes.isReadable() && answer.length() < LONGEST_ANSWER) {
        answer.append((char) (bytes.readByte() & 0xFF));
        if (answer.length() >= 4 && answer.indexOf("\r\n\r\n", answer.length() - 4) >= 0) {
          answered(context, bytes.isReadable());
          return;
        }
      }
      if (answer.length() >= LONGEST_ANSWER) {
        fail("answers with more than headers");
      }
    } finally {
      bytes.release();
    }
  }

  private void answered(ChannelHandlerContext context, boolean surplus) {
    String statusLine = answer.substring(0, answer.indexOf("\r\n"));
    String[] parts = statusLine.split(" ", 3);
    String status = parts.length < 2 ? "" : parts[1];
    if (!parts[0].startsWith("HTTP/1.") || surplus) {
      fail("does not answer as an HTTP proxy does");
    } else if (status.startsWith("2")) {
      context.pipeline().remove(this);
      result.complete(null);
    } else {
      String advice = status.equals("407") ? "; check user and password in its URL" : "";
      fail("refuses with status " + status + advice);
    }
  }

  private void fail(String reason) {
    result.completeExceptionally(
        new Fault(
            ErrorCode.CONNECT,
            Fault.Remedy.WAIT,
            "the proxy " + proxy + ", asked for " + target + ", " + reason));
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail("closes the connection");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail("breaks the connection (" + cause.getMessage() + ")");
  }
}
