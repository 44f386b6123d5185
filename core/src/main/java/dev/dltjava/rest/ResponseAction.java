package dev.dltjava.rest;

import dev.dltjava.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/// Which responses end their chain silently: dlt's response action `ignore`
/// (`_handle_response_action` in `dlt/sources/rest_api/config_setup.py`).
///
/// @param status the response's status, empty for any
/// @param content a part of the body's text, empty for any
public record ResponseAction(OptionalInt status, Optional<String> content) {
  /// Whether one of the actions is for this response. Reads the body if one has to.
  static boolean anyMatches(List<ResponseAction> actions, HttpResponse response) {
    for (ResponseAction action : actions) {
      if (action.matches(response)) {
        return true;
      }
    }
    return false;
  }

  private boolean matches(HttpResponse response) {
    if (status.isPresent() && status.getAsInt() != response.status()) {
      return false;
    }
    return content.isEmpty()
        ? status.isPresent()
        : contains(response, content.get().getBytes(charset(response)));
  }

  /// The encoding of `requests.Response.text`, where that does not guess.
  private static Charset charset(HttpResponse response) {
    String type = response.headers().first("content-type").orElse("").toLowerCase(Locale.ROOT);
    int at = type.indexOf("charset=");
    if (at < 0) {
      return type.startsWith("text/") ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
    }
    String name = type.substring(at + "charset=".length()).split(";", 2)[0];
    try {
      return Charset.forName(name.strip().replace("\"", "").replace("'", ""));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
      return StandardCharsets.UTF_8;
    }
  }

  /// Knuth, Morris and Pratt's search: no byte of the body is read twice.
  private static boolean contains(HttpResponse response, byte[] wanted) {
    if (wanted.length == 0) {
      return true;
    }
    int[] borders = borders(wanted);
    byte[] chunk = new byte[8 << 10];
    int matched = 0;
    try (InputStream body = response.bodyStream()) {
      for (int count; (count = body.read(chunk)) > 0; ) {
        for (int i = 0; i < count; i++) {
          while (matched > 0 && wanted[matched] != chunk[i]) {
            matched = borders[matched - 1];
          }
          if (wanted[matched] == chunk[i] && ++matched == wanted.length) {
            return true;
          }
        }
      }
      return false;
    } catch (IOException closed) {
      return false;
    }
  }

  private static int[] borders(byte[] wanted) {
    int[] borders = new int[wanted.length];
    int length = 0;
    for (int i = 1; i < wanted.length; i++) {
      while (length > 0 && wanted[length] != wanted[i]) {
        length = borders[length - 1];
      }
      if (wanted[length] == wanted[i]) {
        length++;
      }
      borders[i] = length;
    }
    return borders;
  }
}
