package dev.dltjava.rest;

import dev.dltjava.http.HttpRequest;
import dev.dltjava.json.JsonValue;
import java.util.List;
import java.util.Optional;

/// What a chain's requests after the first one look like.
///
/// @param url of each
/// @param body of each, empty to send the first one's
public record RequestTemplate(List<Part> url, Optional<List<Part>> body) {
  public RequestTemplate {
    url = List.copyOf(url);
    body = body.map(List::copyOf);
  }

  /// A piece of a text.
  public sealed interface Part {
    /// The same in every request.
    record Literal(String text) implements Part {
      /// Without the text, which may hold secrets.
      @Override
      public String toString() {
        return "Literal";
      }
    }

    /// The paginator's value.
    record Value(Encoding encoding) implements Part {}
  }

  /// How a value is written.
  public enum Encoding {
    /// As a parameter of a URL.
    QUERY,
    /// As JSON.
    JSON
  }

  /// The request with this value, and the method and headers of the chain's first one.
  HttpRequest request(HttpRequest first, JsonValue value) {
    HttpRequest moved = HttpRequest.get(text(url, value), first.headers());
    return new HttpRequest(
        first.method(),
        moved.url(),
        first.headers(),
        body.map(parts -> text(parts, value)).orElse(first.body()));
  }

  /// Whether a value stands in a query.
  boolean writesQuery() {
    return url.stream().anyMatch(RequestTemplate::isQuery)
        || body.stream().flatMap(List::stream).anyMatch(RequestTemplate::isQuery);
  }

  private static boolean isQuery(Part part) {
    return part instanceof Part.Value value && value.encoding() == Encoding.QUERY;
  }

  private static String text(List<Part> parts, JsonValue value) {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      switch (part) {
        case Part.Literal literal -> text.append(literal.text());
        case Part.Value slot -> text.append(PythonValue.encoded(value, slot.encoding()));
      }
    }
    return text.toString();
  }
}
