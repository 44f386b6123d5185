package dev.dltjava.http;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Texts in the query of a URL.
public final class QueryText {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private QueryText() {}

  /// As Python's `urllib.parse.quote_plus`, with which requests writes parameters.
  public static String quotePlus(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char character = (char) (b & 0xFF);
      if (character == ' ') {
        out.append('+');
      } else if (isUnreserved(character)) {
        out.append(character);
      } else {
        out.append('%').append(HEX.toHexDigits(b));
      }
    }
    return out.toString();
  }

  private static boolean isUnreserved(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '_'
        || c == '.'
        || c == '-'
        || c == '~';
  }
}
