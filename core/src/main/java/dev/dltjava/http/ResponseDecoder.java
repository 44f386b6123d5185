package dev.dltjava.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;

/// Netty's decoder, which also knows when bytes arrived last and whether some came that nobody
/// asked for. Used by its channel's event loop only.
final class ResponseDecoder extends HttpResponseDecoder {
  private static final int LONGEST_STATUS_LINE = 8 << 10;
  private static final int MOST_HEADER_BYTES = 64 << 10;

  /// A body's bytes are copied out of a read at once: Netty's default cuts it into parts of 8 KiB.
  private static final int MOST_PART_BYTES = 1 << 20;

  private boolean bodiless;
  private boolean touched;
  private long lastReadNanos;
  private long readBytes;

  ResponseDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(LONGEST_STATUS_LINE)
            .setMaxHeaderSize(MOST_HEADER_BYTES)
            .setMaxChunkSize(MOST_PART_BYTES));
  }

  /// Makes ready for the response to a request.
  ///
  /// @param head whether the request is a HEAD request, whose response has no body
  void expect(boolean head, long nowNanos) {
    bodiless = head;
    touched = false;
    lastReadNanos = nowNanos;
    readBytes = 0;
  }

  /// Bytes that have arrived since [#expect].
  long readBytes() {
    return readBytes;
  }

  /// Whether a byte has arrived since [#expect].
  boolean touched() {
    return touched;
  }

  long lastReadNanos() {
    return lastReadNanos;
  }

  /// Whether bytes lie here that belong to no response.
  boolean hasSurplus() {
    return actualReadableBytes() > 0;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    touched = true;
    readBytes += ((ByteBuf) message).readableBytes();
    lastReadNanos = context.executor().ticker().nanoTime();
    super.channelRead(context, message);
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    return bodiless || super.isContentAlwaysEmpty(message);
  }
}
