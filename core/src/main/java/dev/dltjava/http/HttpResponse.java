package dev.dltjava.http;

import io.netty.buffer.ByteBuf;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.List;

/// A complete response, whatever its status. Its body lies off the heap until [#close()], which the
/// receiver must call; closing the client does not do it.
public final class HttpResponse implements AutoCloseable {
  private final int status;
  private final Headers headers;
  private final URI url;
  private final Instant receivedAt;
  private final Body body;

  HttpResponse(int status, Headers headers, URI url, Instant receivedAt, Body body) {
    this.status = status;
    this.headers = headers;
    this.url = url;
    this.receivedAt = receivedAt;
    this.body = body;
  }

  public int status() {
    return status;
  }

  /// The headers as they came: content-length and content-encoding speak of the compressed body.
  public Headers headers() {
    return headers;
  }

  /// The URL that answered, after redirects.
  public URI url() {
    return url;
  }

  /// When the last byte arrived.
  public Instant receivedAt() {
    return receivedAt;
  }

  /// Bytes of the decompressed body.
  public long bodyBytes() {
    return body.length();
  }

  /// The decompressed body: its bytes are those from reader to writer index of each block, in
  /// order. Borrowed until [#close()]; their indexes must not be moved.
  public List<ByteBuf> blocks() {
    return body.blocks();
  }

  /// The decompressed body from its start, at each call anew. Not to be read after, or while
  /// another thread calls, [#close()].
  public InputStream bodyStream() {
    return new BodyStream(body);
  }

  /// Releases the body; a second call does nothing. Any thread.
  @Override
  public void close() {
    body.release();
  }
}
