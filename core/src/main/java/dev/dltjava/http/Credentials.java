package dev.dltjava.http;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What identifies the caller to one server. Added to a request when it is written, so that no
/// message, redirect or other server ever has it.
///
/// @param headers take the place of a request's headers of the same names
/// @param query names and values that are appended to a request's query, not yet encoded
public record Credentials(Headers headers, List<Header> query) {
  /// None at all.
  public static final Credentials NONE = new Credentials(Headers.NONE, List.of());

  public Credentials {
    headers.entries().forEach(Header::checkSendable);
    query = List.copyOf(query);
  }

  /// The names of the query's parameters, to be masked where a server repeats them.
  Set<String> queryNames() {
    Set<String> names = new HashSet<>();
    query.forEach(parameter -> names.add(QueryText.quotePlus(parameter.name())));
    return names;
  }

  /// The request with these credentials.
  HttpRequest addTo(HttpRequest request) {
    if (query.isEmpty() && headers.entries().isEmpty()) {
      return request;
    }
    return new HttpRequest(
        request.method(),
        withQuery(request.url()),
        request.headers().with(headers.entries()),
        request.body());
  }

  private URI withQuery(URI url) {
    if (query.isEmpty()) {
      return url;
    }
    String text = url.toString();
    int fragment = text.indexOf('#');
    StringBuilder out = new StringBuilder(fragment < 0 ? text : text.substring(0, fragment));
    String present = url.getRawQuery();
    char separator = present == null ? '?' : '&';
    for (Header parameter : query) {
      if (present == null || !present.isEmpty()) {
        out.append(separator);
      }
      out.append(QueryText.quotePlus(parameter.name()))
          .append('=')
          .append(QueryText.quotePlus(parameter.value()));
      separator = '&';
      present = "more";
    }
    return URI.create(out.toString());
  }

  /// Without the values.
  @Override
  public String toString() {
    return "Credentials";
  }
}
