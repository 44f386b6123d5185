package dev.dltjava.http;

import dev.dltjava.error.ErrorCode;
import dev.dltjava.limits.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Puts one response together from its decoded parts. Used by one event loop; ends with either
/// [#finish] or [#release].
final class ResponseAssembly {
  /// More interim responses than any server sends.
  private static final int MOST_INTERIM_RESPONSES = 20;

  /// What JSON usually shrinks by.
  private static final int USUAL_COMPRESSION = 4;

  private static final long UNKNOWN_LENGTH = 16 << 10;

  /// What compressing may add to a body that it makes longer, and more: padding, empty members.
  private static final long MOST_OVERHEAD = 64 << 10;

  private final ByteBufAllocator allocator;
  private final Limits limits;
  private final Counters counters;
  private io.netty.handler.codec.http.@Nullable HttpResponse head;
  private @Nullable Body body;
  private @Nullable Inflation inflation;
  private boolean interim;
  private int interimResponses;
  private long compressedBytes;

  ResponseAssembly(ByteBufAllocator allocator, Limits limits, Counters counters) {
    this.allocator = allocator;
    this.limits = limits;
    this.counters = counters;
  }

  /// Whether the status and the headers are there.
  boolean hasHead() {
    return head != null;
  }

  /// Takes the next part, without its ownership; true when the response is complete.
  boolean accept(HttpObject part) throws Fault {
    if (part.decoderResult().isFailure()) {
      throw malformed(part.decoderResult().cause());
    }
    if (part instanceof io.netty.handler.codec.http.HttpResponse message) {
      begin(message);
    }
    if (part instanceof HttpContent content) {
      if (!interim) {
        append(content.content());
      }
      if (part instanceof LastHttpContent) {
        boolean complete = !interim;
        interim = false;
        return complete;
      }
    }
    return false;
  }

  /// Whether the connection may serve another request.
  boolean isKeptAlive() {
    return head != null && HttpUtil.isKeepAlive(head);
  }

  /// The complete response, which owns the body from now on.
  HttpResponse finish(URI url, Instant now) throws Fault {
    if (head == null || body == null) {
      throw new Fault(ErrorCode.INTERNAL, Fault.Remedy.NONE, "a response without its headers");
    }
    if (inflation != null) {
      inflation.finish();
      inflation.end();
    }
    List<Header> headers = new ArrayList<>();
    for (Map.Entry<String, String> header : head.headers()) {
      headers.add(new Header(header.getKey(), header.getValue()));
    }
    counters.bodyBytes.add(body.length());
    return new HttpResponse(head.status().code(), new Headers(headers), url, now, body);
  }

  /// Drops what has arrived.
  void release() {
    if (inflation != null) {
      inflation.end();
    }
    if (body != null) {
      body.release();
    }
  }

  private void begin(io.netty.handler.codec.http.HttpResponse message) throws Fault {
    int status = message.status().code();
    interim = status >= 100 && status <= 199;
    if (status == 101 || interim && ++interimResponses > MOST_INTERIM_RESPONSES) {
      throw new Fault(
          ErrorCode.PROTOCOL,
          Fault.Remedy.NONE,
          "the server answers with the interim status " + status + "; expected a final status");
    }
    if (interim) {
      return;
    }
    head = message;
    inflation = inflation(message);
    long announced = HttpUtil.getContentLength(message, -1L);
    if (inflation == null && announced > limits.bodyBytes()) {
      throw Body.tooLong(limits.bodyBytes());
    }
    long expected = announced < 0 ? UNKNOWN_LENGTH : announced;
    if (inflation != null && announced >= 0) {
      expected = Math.min(announced, limits.bodyBytes()) * USUAL_COMPRESSION;
    }
    body = new Body(allocator, limits.bodyBytes(), expected, counters.bodyMemory);
  }

  private static @Nullable Inflation inflation(io.netty.handler.codec.http.HttpResponse message)
      throws Fault {
    String encoding =
        String.join(",", message.headers().getAll("content-encoding"))
            .strip()
            .toLowerCase(Locale.ROOT);
    return switch (encoding) {
      case "", "identity" -> null;
      case "gzip", "x-gzip" -> Inflation.gzip();
      case "deflate" -> Inflation.deflate();
      default ->
          throw new Fault(
              ErrorCode.PROTOCOL,
              Fault.Remedy.NONE,
              "the body has the content-encoding '"
                  + encoding
                  + "'; expected gzip, deflate or none; set the header accept-encoding to gzip");
    };
  }

  private void append(ByteBuf content) throws Fault {
    if (body == null) {
      throw new Fault(ErrorCode.INTERNAL, Fault.Remedy.NONE, "a body without its headers");
    }
    if (inflation != null) {
      compressedBytes += content.readableBytes();
      if (compressedBytes > limits.bodyBytes() + MOST_OVERHEAD) {
        // It may go on for ever without a decompressed byte.
        throw Body.tooLong(limits.bodyBytes());
      }
      inflation.accept(content, body);
    } else {
      body.append(content);
    }
  }

  private Fault malformed(Throwable cause) {
    if (cause instanceof PrematureChannelClosureException) {
      return new Fault(
          ErrorCode.TRUNCATED,
          Fault.Remedy.WAIT,
          "the server closed the connection within the headers of its response; check that the"
              + " server is well",
          cause);
    }
    if (cause instanceof TooLongFrameException) {
      return new Fault(
          ErrorCode.PROTOCOL,
          Fault.Remedy.NONE,
          "the response has longer headers than a client should accept ("
              + cause.getMessage()
              + "); expected a status line of at most 8 KiB and headers of at most 64 KiB",
          cause);
    }
    return new Fault(
        ErrorCode.PROTOCOL,
        Fault.Remedy.WAIT,
        (head == null ? "the answer is not HTTP/1.1" : "the body is not valid HTTP/1.1")
            + " ("
            + cause.getMessage()
            + "); check that the URL is that of an HTTP server, and its scheme",
        cause);
  }
}
