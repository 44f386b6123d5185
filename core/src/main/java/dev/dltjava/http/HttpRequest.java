package dev.dltjava.http;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// What to fetch.
///
/// @param method `GET`, `HEAD` or `POST`, in capitals
/// @param url an absolute http or https URL; its user and password become basic authorization
/// @param headers sent as they are; host, accept, accept-encoding and user-agent are added if
///   absent
/// @param body sent as UTF-8, null if there is none
public record HttpRequest(String method, URI url, Headers headers, @Nullable String body) {
  public HttpRequest {
    // Throws if it is not a URL that can be fetched.
    Endpoint.of(url);
    headers.entries().forEach(Header::checkSendable);
  }

  /// A GET request. Characters that a URL must not have are percent-encoded, as browsers do.
  public static HttpRequest get(String url, Headers headers) {
    return new HttpRequest("GET", Urls.parse(url), headers, null);
  }

  /// The URL with its passwords and keys masked, for messages.
  public String maskedUrl() {
    return Urls.masked(url);
  }
}
