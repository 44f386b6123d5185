package dev.dltjava.http;

import java.net.URI;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// How a client treats one fetch.
///
/// @param home a URL of the server that the client's credentials are for, `null` to send none
/// @param tally counts the fetch beside the client's own statistics
/// @param isFinal whether a response that would be followed or tried again is the answer as it is;
///   asked on an event loop, and must not block it
/// @param isWanted whether it is of use to try again; asked on an event loop
/// @param known the content that the caller has already: if it is still the same, the answer is a
///   status 304; not sent to where a redirect leads. `null` if it has none
public record FetchScope(
    @Nullable URI home,
    Tally tally,
    Predicate<HttpResponse> isFinal,
    BooleanSupplier isWanted,
    @Nullable Validator known) {
  /// That of a fetch of which nothing is known but its request.
  static FetchScope plain() {
    return new FetchScope(null, new Tally(), response -> false, () -> true, null);
  }

  /// Whether the client's credentials are for this URL's scheme, host and port: those of its home,
  /// or https in place of its http.
  boolean isHome(URI url) {
    return home != null && !Redirects.isForeign(Endpoint.of(home), Endpoint.of(url));
  }

  /// Without its home, whose URL may hold secrets.
  @Override
  public String toString() {
    return "FetchScope";
  }
}
