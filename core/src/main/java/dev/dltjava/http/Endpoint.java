package dev.dltjava.http;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import java.net.URI;
import java.util.Locale;

/// Where connections go, and what they are pooled by.
///
/// @param secure whether TLS is spoken
/// @param host name or address, in lower case, without the brackets of an IPv6 address
/// @param port 1 to 65535
record Endpoint(boolean secure, String host, int port) {
  /// The endpoint of a URL. Reads the authority itself, since [URI#getHost()] is null for host
  /// names with an underscore, which networks of containers have.
  static Endpoint of(URI url) {
    boolean secure = "https".equalsIgnoreCase(url.getScheme());
    if (!secure && !"http".equalsIgnoreCase(url.getScheme())) {
      throw invalid(url, "its scheme is not http or https");
    }
    String authority = url.getRawAuthority();
    if (authority == null) {
      throw invalid(url, "it has no host");
    }
    String address = authority.substring(authority.lastIndexOf('@') + 1);
    int colon = address.lastIndexOf(':');
    boolean hasPort = colon > address.lastIndexOf(']');
    String host = hasPort ? address.substring(0, colon) : address;
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    if (host.isEmpty()) {
      throw invalid(url, "it has no host");
    }
    if (host.indexOf('%') >= 0) {
      throw invalid(url, "its host has characters that host names do not have");
    }
    String port = hasPort ? address.substring(colon + 1) : "";
    return new Endpoint(secure, host.toLowerCase(Locale.ROOT), port(url, port, secure));
  }

  private static int port(URI url, String text, boolean secure) {
    if (text.isEmpty()) {
      return secure ? 443 : 80;
    }
    int port = text.length() <= 5 ? 0 : -1;
    for (int i = 0; i < text.length() && port >= 0; i++) {
      char digit = text.charAt(i);
      port = digit >= '0' && digit <= '9' ? 10 * port + (digit - '0') : -1;
    }
    if (port >= 1 && port <= 65535) {
      return port;
    }
    throw invalid(url, "its port is not a number from 1 to 65535");
  }

  /// Written out, as in [#hashCode()]: a record's own methods are method handles, which the image
  /// interprets, and each request looks up its endpoint some times.
  @Override
  public boolean equals(Object other) {
    return other instanceof Endpoint endpoint
        && secure == endpoint.secure
        && port == endpoint.port
        && host.equals(endpoint.host);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * host.hashCode() + port) + Boolean.hashCode(secure);
  }

  boolean hasDefaultPort() {
    return port == (secure ? 443 : 80);
  }

  /// The value of the host header.
  String hostHeader() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return hasDefaultPort() ? name : name + ":" + port;
  }

  /// Host and port, for messages.
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  private static DltJavaException invalid(URI url, String reason) {
    return new DltJavaException(
        ErrorCode.OPTIONS,
        ErrorLocation.ofUrl(Urls.masked(url)),
        "the URL cannot be fetched: " + reason + "; expected an absolute http or https URL");
  }
}
