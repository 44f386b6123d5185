package dev.dltjava.http;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import java.net.URI;
import java.util.Optional;

/// Where a redirect leads, as Python's requests decides it.
final class Redirects {
  private static final int MOST = 30;

  private Redirects() {}

  /// The request that a response asks for; empty if it is not a redirect.
  ///
  /// @param followed redirects that led to this response
  static Optional<HttpRequest> next(HttpRequest request, HttpResponse response, int followed)
      throws Fault {
    Optional<String> location = response.headers().first("location");
    if (!isRedirect(response.status()) || location.isEmpty()) {
      return Optional.empty();
    }
    if (followed >= MOST) {
      throw new Fault(
          ErrorCode.PROTOCOL,
          Fault.Remedy.NONE,
          "the server redirects in a loop: more than " + MOST + " redirects; check the URL");
    }
    try {
      return Optional.of(redirected(request, response.status(), location.get()));
    } catch (DltJavaException | IllegalArgumentException invalid) {
      throw new Fault(
          ErrorCode.PROTOCOL,
          Fault.Remedy.NONE,
          "the server redirects to what is not an http or https URL; report it to its owner",
          invalid);
    }
  }

  static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private static HttpRequest redirected(HttpRequest request, int status, String location) {
    URI url = Urls.resolve(request.url(), location);
    Headers headers = request.headers().without("host");
    if (isForeign(Endpoint.of(request.url()), Endpoint.of(url))) {
      headers = headers.withoutSecrets();
    }
    boolean becomesGet =
        status == 303 && !request.method().equals("HEAD")
            || status <= 302 && request.method().equals("POST");
    return becomesGet
        ? new HttpRequest("GET", url, headers.without("content-type"), null)
        : new HttpRequest(request.method(), url, headers, request.body());
  }

  /// Whether credentials must not follow: to another host, scheme or port, unless only http became
  /// https.
  static boolean isForeign(Endpoint from, Endpoint to) {
    if (!from.host().equals(to.host())) {
      return true;
    }
    boolean upgraded =
        !from.secure() && to.secure() && from.hasDefaultPort() && to.hasDefaultPort();
    return !upgraded && !from.equals(to);
  }
}
