package dev.dltjava.http;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What to fetch.
///
/// @param method `GET`, `HEAD` or `POST`, in capitals
/// @param url an absolute http or https URL; its user and password become basic authorization
/// @param headers sent as they are; host, accept, accept-encoding and user-agent are added if
///   absent
/// @param body sent as UTF-8, null if there is none
public record HttpRequest(String method, URI url, Headers headers, @Nullable String body) {
  private static final List<String> METHODS = List.of("GET", "HEAD", "POST");

  public HttpRequest {
    if (!METHODS.contains(method)) {
      throw new DltJavaException(
          ErrorCode.OPTIONS,
          ErrorLocation.NONE,
          "the method '" + method + "' is not known; expected one of " + METHODS);
    }
    // Throws if it is not a URL that can be fetched.
    Endpoint.of(url);
    headers.entries().forEach(Header::checkSendable);
  }

  /// A GET request. Characters that a URL must not have are percent-encoded, as browsers do.
  public static HttpRequest get(String url, Headers headers) {
    return new HttpRequest("GET", Urls.parse(url), headers, null);
  }

  /// The same request to where a link leads, which may be relative to this request's URL. To
  /// another server it goes without headers that identify the caller.
  public HttpRequest following(String link) {
    URI target = Urls.resolve(url, link);
    boolean foreign = Redirects.isForeign(Endpoint.of(url), Endpoint.of(target));
    Headers kept = headers.without("host");
    return new HttpRequest(method, target, foreign ? kept.withoutSecrets() : kept, body);
  }

  /// Without what may be a secret: values of headers, the body.
  @Override
  public String toString() {
    return method + " " + Urls.masked(url);
  }
}
