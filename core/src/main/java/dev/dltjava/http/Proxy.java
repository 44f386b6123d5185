package dev.dltjava.http;

import dev.dltjava.error.DltJavaException;
import java.net.URI;

/// A proxy: requests for http URLs are sent to it, https URLs are reached through it.
///
/// @param endpoint where it is
/// @param authorization value of the header `Proxy-Authorization`, empty for none
public record Proxy(Endpoint endpoint, String authorization) {
  /// Reads a URL; without a scheme it is one of http, as for Python's requests.
  static Proxy of(String text) {
    String url = text.contains("://") ? text : "http://" + text;
    try {
      URI uri = Urls.parse(url);
      if (!"http".equalsIgnoreCase(uri.getScheme())) {
        throw Proxies.refusal("expected one that begins with http://");
      }
      return new Proxy(Endpoint.of(uri), RequestWriter.credentials(uri));
    } catch (DltJavaException | IllegalArgumentException invalid) {
      throw Proxies.refusal("expected a URL such as http://user:password@host:3128");
    }
  }

  /// Without the credentials.
  @Override
  public String toString() {
    return endpoint.toString();
  }
}
