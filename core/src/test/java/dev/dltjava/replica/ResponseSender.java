package dev.dltjava.replica;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Sends answers over a connection, properly or with a delivery fault. One owner, one thread.
final class ResponseSender {
  /// Up to this size head and body leave in one write and thus in few packets.
  private static final int ONE_WRITE_BYTES = 16_384;

  private static final byte[] NO_BODY = {};

  private final Wire wire;
  private final StallGate stalls;

  ResponseSender(Wire wire, StallGate stalls) {
    this.wire = wire;
    this.stalls = stalls;
  }

  /// Sends the answer; false means that the connection has ended or must end now.
  boolean send(Request request, Response response, Fault.Delivery fault) throws IOException {
    boolean keep = request.keepsAlive();
    byte[] body = request.method().equals("HEAD") || bodiless(response) ? NO_BODY : response.body();
    byte[] head = head(response, "Content-Length: " + response.body().length, keep);
    switch (fault) {
      case Fault.None _ -> whole(head, body);
      case Fault.Delayed delayed -> {
        Wire.pause(delayed.pause());
        whole(head, body);
      }
      case Fault.Refused _ -> keep = false;
      case Fault.Reset reset -> {
        part(head, body, DamagedBody.portion(response, reset.afterBytes()));
        wire.reset();
        keep = false;
      }
      case Fault.Cut cut -> {
        part(head, body, DamagedBody.portion(response, cut.afterBytes()));
        keep = false;
      }
      case Fault.ShortLength shorter -> {
        int announced = Math.max(0, response.body().length - shorter.bytes());
        whole(head(response, "Content-Length: " + announced, keep), body);
        keep = false;
      }
      case Fault.SlowHeaders slow -> {
        wire.drip(head, slow.pieceBytes(), slow.pause());
        wire.send(body);
      }
      case Fault.SlowBody slow -> {
        wire.send(head);
        wire.drip(body, slow.pieceBytes(), slow.pause());
      }
      case Fault.Stalled stalled -> stall(head, body, stalled.place());
      case Fault.Chunked chunked -> {
        wire.send(head(response, "Transfer-Encoding: chunked", keep));
        chunks(body, chunked);
        keep = keep && chunked.ended();
      }
      case Fault.UntilClose _ -> {
        keep = false;
        whole(head(response, "X-Length: none", false), body);
      }
      case Fault.ClosedAfter _ -> {
        whole(head, body);
        keep = false;
      }
    }
    return keep;
  }

  private void whole(byte[] head, byte[] body) throws IOException {
    part(head, body, body.length);
  }

  private void part(byte[] head, byte[] body, int bodyBytes) throws IOException {
    int bytes = Math.min(bodyBytes, body.length);
    if (bytes > ONE_WRITE_BYTES) {
      wire.send(head);
      wire.send(body, 0, bytes);
      return;
    }
    ByteArrayOutputStream both = new ByteArrayOutputStream(head.length + bytes);
    both.writeBytes(head);
    both.write(body, 0, bytes);
    wire.send(both.toByteArray());
  }

  private void stall(byte[] head, byte[] body, Fault.StallPlace place) throws IOException {
    int sent =
        switch (place) {
          case START, HEADERS -> 0;
          case BODY -> body.length / 2;
        };
    if (place == Fault.StallPlace.START) {
      stalls.await();
      whole(head, body);
      return;
    }
    part(head, body, sent);
    stalls.await();
    wire.send(body, sent, body.length);
  }

  private void chunks(byte[] body, Fault.Chunked chunked) throws IOException {
    for (int from = 0; from < body.length; from += chunked.pieceBytes()) {
      int to = Math.min(from + chunked.pieceBytes(), body.length);
      wire.send(ascii(Integer.toHexString(to - from) + "\r\n"));
      wire.send(body, from, to);
      wire.send(ascii("\r\n"));
    }
    if (chunked.ended()) {
      wire.send(ascii("0\r\n\r\n"));
    }
  }

  private static byte[] head(Response response, String framing, boolean keep) {
    StringBuilder head = new StringBuilder(300);
    head.append("HTTP/1.1 ").append(response.status()).append(' ').append(reason(response));
    for (String header : response.headers()) {
      head.append("\r\n").append(header);
    }
    if (!bodiless(response)) {
      head.append("\r\n").append(framing);
    }
    head.append("\r\nConnection: ").append(keep ? "keep-alive" : "close").append("\r\n\r\n");
    return ascii(head.toString());
  }

  /// Whether HTTP forbids a body, and with it every kind of length.
  private static boolean bodiless(Response response) {
    return response.status() == 204 || response.status() == 304;
  }

  private static String reason(Response response) {
    return switch (response.status()) {
      case 200 -> "OK";
      case 204 -> "No Content";
      case 301 -> "Moved Permanently";
      case 302 -> "Found";
      case 304 -> "Not Modified";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 410 -> "Gone";
      case 422 -> "Unprocessable Content";
      case 429 -> "Too Many Requests";
      case 500 -> "Internal Server Error";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      default -> "Status";
    };
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
