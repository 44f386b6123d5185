package dev.dltjava.rest;

import dev.dltjava.http.Headers;
import dev.dltjava.json.JsonPath;
import dev.dltjava.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Which paginator a first page asks for: `PaginatorFactory` of
/// `dlt/sources/helpers/rest_client/detector.py`, its detectors in their order, with the defaults
/// of the paginators' own arguments.
final class PaginatorDetection {
  static final String NEXT = "next";

  private PaginatorDetection() {}

  static Paginator detect(Headers headers, FirstPageShape shape) {
    if (LinkHeader.url(headers, NEXT).isPresent()) {
      return new Paginator.HeaderLink(NEXT);
    }
    Optional<FirstPageShape.Match> next = shape.next();
    if (next.isPresent() && isLink(next.get().value())) {
      return new Paginator.JsonLink(path(next.get()));
    }
    Optional<FirstPageShape.Match> total = shape.total();
    if (total.isPresent() && PythonValue.integer(total.get().value()).isPresent()) {
      return pages(path(total.get()));
    }
    return next.<Paginator>map(
            found -> new Paginator.JsonCursor(path(found), false, Optional.empty()))
        .orElseGet(Paginator.SinglePage::new);
  }

  /// The paginator of the pages behind the first one, which was requested without a number: dlt
  /// counts it as page 0.
  private static Paginator pages(JsonPath total) {
    return new Paginator.Range(
        Slot.PAGE, 0, 1, 0, Optional.of(total), OptionalLong.empty(), true, Optional.empty());
  }

  private static boolean isLink(JsonValue value) {
    return value instanceof JsonValue.Text text
        && (text.text().startsWith("http") || text.text().startsWith("/"));
  }

  private static JsonPath path(FirstPageShape.Match match) {
    List<String> keys = match.keys();
    return JsonPath.ofKeys(keys);
  }
}
