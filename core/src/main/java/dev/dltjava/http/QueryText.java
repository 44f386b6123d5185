package dev.dltjava.http;

import java.io.ByteArrayOutputStream;
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

  /// The text that was quoted; what is no escape stays as it is.
  static String unquoted(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < utf8.length; i++) {
      boolean escape =
          utf8[i] == '%'
              && i + 2 < utf8.length
              && HexFormat.isHexDigit(utf8[i + 1])
              && HexFormat.isHexDigit(utf8[i + 2]);
      if (escape) {
        out.write(HexFormat.fromHexDigit(utf8[i + 1]) << 4 | HexFormat.fromHexDigit(utf8[i + 2]));
        i += 2;
      } else {
        out.write(utf8[i] == '+' ? ' ' : utf8[i]);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
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
