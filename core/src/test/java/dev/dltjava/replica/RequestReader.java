package dev.dltjava.replica;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads HTTP/1 requests from one connection. One owner, one thread.
final class RequestReader {
  /// Longest line of a request head, in bytes: more than any client's address or header.
  private static final int MOST_LINE_BYTES = 1 << 16;

  /// Most header lines of a request.
  private static final int MOST_HEADERS = 200;

  /// Largest request body, in bytes: bodies to be served are registered with requests.
  private static final int MOST_BODY_BYTES = 1 << 28;

  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final InputStream input;
  private final Wire wire;

  RequestReader(InputStream input, Wire wire) {
    this.input = input;
    this.wire = wire;
  }

  /// The next request, or empty when the client has closed the connection between two requests.
  Optional<Request> next() throws IOException {
    Optional<String> first = line();
    if (first.isEmpty()) {
      return Optional.empty();
    }
    String[] words = first.get().split(" ", -1);
    if (words.length != 3) {
      throw new IOException("not a request line: " + first.get());
    }
    Map<String, String> headers = headers();
    if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
      wire.send(CONTINUE);
    }
    String connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
    boolean keepsAlive = words[2].equals("HTTP/1.1") && !connection.contains("close");
    return Optional.of(new Request(words[0], words[1], headers, body(headers), keepsAlive));
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (int i = 0; i <= MOST_HEADERS; i++) {
      String line = requiredLine();
      if (line.isEmpty()) {
        return headers;
      }
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IOException("not a header: " + line);
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      headers.merge(name, line.substring(colon + 1).strip(), (one, two) -> one + ", " + two);
    }
    throw new IOException("more than " + MOST_HEADERS + " headers");
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      return chunks();
    }
    return exactly(Integer.parseInt(headers.getOrDefault("content-length", "0")));
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int length = Integer.parseInt(requiredLine().split(";", 2)[0].strip(), 16);
      if (length == 0) {
        break;
      }
      body.writeBytes(exactly(length));
      if (body.size() > MOST_BODY_BYTES || !requiredLine().isEmpty()) {
        throw new IOException("a chunk is too long");
      }
    }
    while (!requiredLine().isEmpty()) {
      // Trailers say nothing of use here.
    }
    return body.toByteArray();
  }

  private byte[] exactly(int length) throws IOException {
    if (length < 0 || length > MOST_BODY_BYTES) {
      throw new IOException("a body of " + length + " bytes");
    }
    byte[] bytes = input.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the request ends in its body");
    }
    return bytes;
  }

  private String requiredLine() throws IOException {
    return line().orElseThrow(() -> new EOFException("the request ends in its head"));
  }

  private Optional<String> line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(120);
    while (line.size() < MOST_LINE_BYTES) {
      int next = input.read();
      if (next < 0) {
        return Optional.empty();
      }
      if (next == '\n') {
        return Optional.of(line.toString(StandardCharsets.UTF_8).stripTrailing());
      }
      line.write(next);
    }
    throw new IOException("a line of more than " + MOST_LINE_BYTES + " bytes");
  }
}
