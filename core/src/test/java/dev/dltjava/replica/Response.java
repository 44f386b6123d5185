package dev.dltjava.replica;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/// An answer, apart from the headers that belong to its delivery (length, connection).
///
/// @param status the status code
/// @param headers header lines, as "Name: value"
/// @param body the body's bytes; not copied, so the caller must not change them
public record Response(int status, List<String> headers, byte[] body) {
  public Response {
    headers = List.copyOf(headers);
  }

  public static Response json(int status, byte[] body) {
    return new Response(status, List.of("Content-Type: application/json; charset=utf-8"), body);
  }

  public static Response json(int status, String body) {
    return json(status, body.getBytes(StandardCharsets.UTF_8));
  }

  public static Response text(int status, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return new Response(status, List.of("Content-Type: text/plain; charset=utf-8"), bytes);
  }

  Response withBody(byte[] other) {
    return new Response(status, headers, other);
  }

  /// This answer with its body compressed, or this one if there is nothing to compress or the body
  /// comes with an encoding of its own.
  Response gzipped() {
    if (body.length == 0 || hasHeader("content-encoding")) {
      return this;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 3 + 64);
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(body);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    List<String> encoded = new ArrayList<>(headers);
    encoded.add("Content-Encoding: gzip");
    return new Response(status, encoded, bytes.toByteArray());
  }

  boolean hasHeader(String lowerCaseName) {
    return headers.stream()
        .anyMatch(line -> line.toLowerCase(Locale.ROOT).startsWith(lowerCaseName + ":"));
  }
}
