package dev.dltjava.http;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Reading, resolving and masking URLs.
final class Urls {
  static final String MASK = "***";

  /// The query parameters that dlt masks, and others that are secrets wherever they occur.
  private static final Set<String> SECRETS =
      Set.of(
          "api_key",
          "token",
          "key",
          "access_token",
          "apikey",
          "api-key",
          "access-token",
          "secret",
          "password",
          "pwd",
          "client_secret",
          "api_token",
          "auth_token",
          "refresh_token",
          "id_token",
          "session_token",
          "passwd",
          "auth",
          "authorization",
          "signature",
          "sig",
          "jwt",
          "x-api-key",
          "subscription-key",
          "x-amz-signature",
          "x-amz-security-token",
          "x-goog-signature");

  private static final String ALLOWED_PUNCTUATION = "-._~:/?#@!$&'()*+,;=";

  private static final Pattern USER = Pattern.compile("://[^/?#\"]*@");

  private static final Pattern PARAMETER = Pattern.compile("[?&]([^?&=]*)=");

  private Urls() {}

  /// Reads a URL; characters that a URL must not have are percent-encoded.
  static URI parse(String text) {
    try {
      return new URI(escaped(text));
    } catch (URISyntaxException notUrl) {
      throw new DltJavaException(
          ErrorCode.OPTIONS,
          ErrorLocation.NONE,
          "the URL cannot be read: " + notUrl.getReason() + "; expected an http or https URL");
    }
  }

  /// The URL that a redirect's location means, without its fragment. RFC 3986 where [URI#resolve]
  /// still follows its predecessor: a lone query keeps the path, and an empty path is the root.
  static URI resolve(URI base, String location) {
    URI reference = parse(location);
    URI rooted = base.getRawPath().isEmpty() ? URI.create(origin(base) + "/") : base;
    if (reference.getScheme() == null
        && reference.getRawAuthority() == null
        && reference.getRawPath() != null
        && reference.getRawPath().isEmpty()) {
      String query = reference.getRawQuery() == null ? base.getRawQuery() : reference.getRawQuery();
      return URI.create(origin(base) + rooted.getRawPath() + (query == null ? "" : "?" + query));
    }
    String resolved = rooted.resolve(reference).toString();
    int fragment = resolved.indexOf('#');
    return URI.create(fragment < 0 ? resolved : resolved.substring(0, fragment));
  }

  /// Path and query, as the request line has them.
  static String target(URI url) {
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
  }

  /// The text of a URL with passwords and keys replaced.
  static String masked(URI url) {
    return masked(url, Set.of());
  }

  /// As [#masked(URI)], with the values of these parameters replaced too.
  static String masked(URI url, Set<String> secretNames) {
    StringBuilder out = new StringBuilder();
    if (url.getScheme() != null) {
      out.append(url.getScheme()).append("://");
    }
    String authority = url.getRawAuthority() == null ? "" : url.getRawAuthority();
    int at = authority.lastIndexOf('@');
    out.append(at < 0 ? authority : MASK + authority.substring(at));
    out.append(url.getRawPath() == null ? "" : url.getRawPath());
    if (url.getRawQuery() != null) {
      char separator = '?';
      for (String parameter : url.getRawQuery().split("&", -1)) {
        out.append(separator).append(maskedParameter(parameter, secretNames));
        separator = '&';
      }
    }
    return out.toString();
  }

  /// Whether a text may be a URL that has passwords or keys: those that [#masked] replaces.
  static boolean isSecretIn(String text, Set<String> secretNames) {
    return USER.matcher(text).find()
        || PARAMETER
            .matcher(text)
            .results()
            .anyMatch(parameter -> isSecret(parameter.group(1), secretNames));
  }

  private static String maskedParameter(String parameter, Set<String> secretNames) {
    int equals = parameter.indexOf('=');
    if (equals < 0) {
      return parameter;
    }
    String name = parameter.substring(0, equals);
    // A value may be a URL itself, such as that of the page to come back to.
    boolean secret =
        isSecret(name, secretNames)
            || isSecretIn(QueryText.unquoted(parameter.substring(equals + 1)), secretNames);
    return secret ? name + "=" + MASK : parameter;
  }

  /// @param name as the query has it: its characters may be percent-encoded where they need not
  private static boolean isSecret(String name, Set<String> secretNames) {
    String decoded = QueryText.unquoted(name);
    return SECRETS.contains(decoded.toLowerCase(Locale.ROOT))
        || secretNames.contains(name)
        || secretNames.contains(QueryText.quotePlus(decoded));
  }

  private static String origin(URI url) {
    return url.getScheme() + "://" + url.getRawAuthority();
  }

  private static String escaped(String text) {
    String trimmed = text.strip();
    StringBuilder out = new StringBuilder(trimmed.length());
    int authority = trimmed.indexOf("//") + 2;
    boolean inAuthority = authority >= 2;
    for (int i = 0; i < trimmed.length(); ) {
      int c = trimmed.codePointAt(i);
      if (i >= authority && (c == '/' || c == '?' || c == '#')) {
        inAuthority = false;
      }
      if (isAllowed(c, inAuthority) || c == '%' && isEscape(trimmed, i)) {
        out.appendCodePoint(c);
      } else {
        for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
          out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
        }
      }
      i += Character.charCount(c);
    }
    return out.toString();
  }

  private static boolean isAllowed(int c, boolean inAuthority) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || ALLOWED_PUNCTUATION.indexOf(c) >= 0
        || inAuthority && (c == '[' || c == ']');
  }

  private static boolean isEscape(String text, int percent) {
    return percent + 2 < text.length()
        && HexFormat.isHexDigit(text.charAt(percent + 1))
        && HexFormat.isHexDigit(text.charAt(percent + 2));
  }
}
