package dev.dltjava.http;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The secrets of credentials, to be found in texts that a server may have made of them: as they
/// are, or with any of their characters percent-encoded. Immutable; made once for all requests.
final class SecretTexts {
  /// Shorter ones are in many texts that have nothing to do with them.
  private static final int SHORTEST = 4;

  private final List<byte[]> secrets;

  /// Names of parameters, masked where a server repeats them.
  private final Set<String> names;

  private SecretTexts(List<byte[]> secrets, Set<String> names) {
    this.secrets = secrets;
    this.names = names;
  }

  static SecretTexts of(Credentials credentials) {
    List<String> texts = new ArrayList<>();
    for (Header header : credentials.headers().entries()) {
      String value = header.value();
      int scheme = value.indexOf(' ');
      texts.add(value.substring(scheme + 1));
      if (scheme > 0 && value.substring(0, scheme).toLowerCase(Locale.ROOT).equals("basic")) {
        texts.addAll(userAndPassword(value.substring(scheme + 1)));
      }
    }
    credentials.query().forEach(parameter -> texts.add(parameter.value()));
    return new SecretTexts(
        texts.stream()
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .filter(secret -> secret.length >= SHORTEST)
            .toList(),
        credentials.queryNames());
  }

  private static List<String> userAndPassword(String base64) {
    try {
      String both = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
      return List.of(both, both.substring(both.indexOf(':') + 1));
    } catch (IllegalArgumentException notBase64) {
      return List.of();
    }
  }

  /// Whether a text, such as a link, has something in it that messages mask.
  boolean areIn(String text) {
    return !masked(text, "").equals(text) || Urls.isSecretIn(text, names);
  }

  /// The text of a URL without secrets: by name, and where a server repeats a value under another
  /// one.
  String masked(URI url) {
    return masked(Urls.masked(url, names), Urls.MASK);
  }

  /// The text with a mask in place of each secret.
  private String masked(String text, String mask) {
    if (secrets.isEmpty()) {
      return text;
    }
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(utf8.length);
    int start = 0;
    for (int i = 0; i < utf8.length; ) {
      int end = end(utf8, i);
      if (end < 0) {
        i++;
        continue;
      }
      out.write(utf8, start, i - start);
      out.writeBytes(mask.getBytes(StandardCharsets.UTF_8));
      start = end;
      i = end;
    }
    if (start == 0) {
      return text;
    }
    out.write(utf8, start, utf8.length - start);
    return out.toString(StandardCharsets.UTF_8);
  }

  /// Where the longest secret ends that begins here, -1 if none does.
  private int end(byte[] text, int from) {
    int longest = -1;
    for (byte[] secret : secrets) {
      longest = Math.max(longest, end(text, from, secret));
    }
    return longest;
  }

  private static int end(byte[] text, int from, byte[] secret) {
    int at = from;
    for (byte wanted : secret) {
      if (at < text.length && (text[at] == wanted || text[at] == '+' && wanted == ' ')) {
        at++;
      } else if (at + 2 < text.length && text[at] == '%' && hex(text, at + 1) == (wanted & 0xFF)) {
        at += 3;
      } else {
        return -1;
      }
    }
    return at;
  }

  private static int hex(byte[] text, int at) {
    int high = Character.digit(text[at], 16);
    int low = Character.digit(text[at + 1], 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }
}
