package dev.dltjava.replica;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Turns the right answer into the one that a content fault asks for.
final class DamagedBody {
  private static final String PAGE =
      "<!DOCTYPE html>\n<html><head><title>Just a moment...</title></head><body></body></html>\n";

  /// Neither a first nor a following byte of any UTF-8 sequence.
  private static final byte NEVER_IN_UTF8 = (byte) 0xFF;

  private static final byte[] NUMBER = {'4', '2'};

  private DamagedBody() {}

  static Response of(Response right, Fault.Content fault) {
    return switch (fault) {
      case Fault.Status status -> error(status);
      case Fault.Html _ -> html();
      case Fault.InvalidUtf8 _ -> right.withBody(invalidUtf8(right.body()));
      case Fault.Truncated truncated ->
          right.withBody(Arrays.copyOf(right.body(), portion(right, truncated.bytes())));
      case Fault.WrongType wrong -> right.withBody(wrongType(right.body(), wrong.depth()));
      case Fault.Empty _ -> Response.json(200, new byte[0]);
      case Fault.Literal literal -> literal.response();
    };
  }

  /// How many bytes of a body a fault lets through.
  static int portion(Response response, int bytes) {
    int length = response.body().length;
    return bytes == Fault.HALF ? length / 2 : Math.min(bytes, length);
  }

  private static Response error(Fault.Status status) {
    Response plain =
        Response.json(status.code(), "{\"code\":0,\"message\":\"Fault " + status.code() + ".\"}");
    List<String> headers = new ArrayList<>(plain.headers());
    headers.addAll(status.headers());
    return new Response(status.code(), headers, plain.body());
  }

  private static Response html() {
    byte[] page = PAGE.getBytes(StandardCharsets.UTF_8);
    return new Response(200, List.of("Content-Type: text/html; charset=utf-8"), page);
  }

  private static byte[] invalidUtf8(byte[] body) {
    byte[] damaged = body.clone();
    boolean inString = false;
    int last = -1;
    for (int i = 0; i < body.length; i++) {
      if (inString && body[i] == '\\') {
        i++;
      } else if (body[i] == '"') {
        inString = !inString;
      } else if (inString) {
        last = i;
        if (i >= body.length / 2) {
          break;
        }
      }
    }
    if (last < 0) {
      throw new IllegalStateException("no string in this body to damage");
    }
    damaged[last] = NEVER_IN_UTF8;
    return damaged;
  }

  private static byte[] wrongType(byte[] body, int depth) {
    int start = -1;
    int level = 0;
    boolean inString = false;
    for (int i = 0; i < body.length; i++) {
      if (inString && body[i] == '\\') {
        i++;
      } else if (body[i] == '"') {
        inString = !inString;
      } else if (!inString && (body[i] == '{' || body[i] == '[')) {
        if (level == depth && start < 0) {
          start = i;
        }
        level++;
      } else if (!inString && (body[i] == '}' || body[i] == ']')) {
        level--;
        if (level == depth && start >= 0) {
          return replaced(body, start, i + 1);
        }
      }
    }
    return NUMBER.clone();
  }

  private static byte[] replaced(byte[] body, int start, int end) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length);
    bytes.write(body, 0, start);
    bytes.writeBytes(NUMBER);
    bytes.write(body, end, body.length - end);
    return bytes.toByteArray();
  }
}
