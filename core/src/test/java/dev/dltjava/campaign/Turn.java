package dev.dltjava.campaign;

import dev.dltjava.http.ScriptedServer.Peer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/// One request that is answered badly.
///
/// @param peer whom to answer; the connection is closed afterwards
/// @param random decides what the plan leaves open
/// @param headers lines of the head that the page needs
/// @param document what the page really is
/// @param target path and query of the request
/// @param places where redirects may lead
record Turn(
    Peer peer, Random random, String headers, byte[] document, String target, Places places) {
  /// Origins of other servers.
  ///
  /// @param here the API's own
  /// @param other one that has the same pages
  /// @param closed one that refuses connections
  /// @param expired with a certificate of yesterday
  /// @param wrongHost with another server's certificate
  /// @param stranger with a certificate that nobody trusts
  record Places(
      String here,
      String other,
      String closed,
      String expired,
      String wrongHost,
      String stranger) {}

  private static final int LONGEST_CHUNK = 700;

  /// The right answer, with a length.
  byte[] right() {
    return response("", document);
  }

  byte[] response(String more, byte[] body) {
    return joined(head(more + "content-length: " + body.length + "\r\n"), body);
  }

  /// The head of a response with status 200.
  byte[] head(String more) {
    return bytes("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n" + headers + more + "\r\n");
  }

  /// A response to a request that was read, with one of the framings that tell where it ends.
  byte[] framed() {
    return switch (random.nextInt(4)) {
      case 0 -> right();
      case 1 -> response("content-encoding: gzip\r\n", gzip(document));
      case 2 -> joined(head("transfer-encoding: chunked\r\n"), chunked(document));
      default ->
          joined(
              head("transfer-encoding: chunked\r\ncontent-encoding: gzip\r\n"),
              chunked(gzip(document)));
    };
  }

  /// The body in chunks, to its end.
  byte[] chunked(byte[] body) {
    return joined(chunks(body), bytes("0\r\n\r\n"));
  }

  /// The body in chunks, without the last one.
  byte[] chunks(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 0; at < body.length; ) {
      int length = Math.min(body.length - at, 1 + random.nextInt(LONGEST_CHUNK));
      out.writeBytes(bytes(Integer.toHexString(length) + "\r\n"));
      out.write(body, at, length);
      out.writeBytes(bytes("\r\n"));
      at += length;
    }
    return out.toByteArray();
  }

  static byte[] gzip(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zipped = new GZIPOutputStream(out)) {
      zipped.write(body);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }

  /// The first bytes, at least one, and not all.
  byte[] beginning(byte[] whole) {
    return Arrays.copyOf(whole, 1 + random.nextInt(whole.length - 1));
  }

  void write(byte[]... parts) throws IOException {
    peer.write(joined(parts));
  }

  void write(String text) throws IOException {
    peer.write(text);
  }

  /// An answer that sends the client elsewhere.
  void redirect(String location) throws IOException {
    int status = new int[] {301, 302, 303, 307, 308}[random.nextInt(5)];
    write(
        "HTTP/1.1 " + status + " Moved\r\nlocation: " + location + "\r\ncontent-length: 0\r\n\r\n");
  }

  /// Sends the same bytes until the client has enough.
  void writeForEver(byte[] bytes) throws IOException {
    while (true) {
      peer.write(bytes);
    }
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
