package dev.dltjava.rest;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.http.HttpRequest;
import dev.dltjava.json.JsonPath;
import dev.dltjava.json.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where one chain is. Takes its pages in order; guarded by the chain's owner.
abstract sealed class PaginatorState permits SinglePageState, ReferenceState, RangeState {
  /// The values that each page is scanned for.
  abstract List<JsonPath> paths();

  /// Whether pages are scanned for records.
  boolean asksForRecords() {
    return false;
  }

  /// Takes the next page; whether another one follows.
  ///
  /// @throws DltJavaException `PAGINATION`, if the page does not say what it must
  abstract boolean advance(PageFacts page);

  /// Whether this page is the last one because a header is absent, of which validators of its
  /// content say nothing.
  boolean endsByHeader(PageFacts page) {
    return false;
  }

  /// The request for a page behind those that were taken.
  ///
  /// @param page counted from 0, at least 1
  abstract HttpRequest request(long page);

  /// So many pages may be requested by now, if so many were taken and another one follows.
  ///
  /// @param taken pages
  /// @param ahead how many pages may be requested without a sign that they exist
  long requestable(long taken, int ahead) {
    return taken + 1;
  }

  /// The state at the beginning of a chain.
  static PaginatorState of(Paginator paginator, RequestChain chain) {
    return switch (paginator) {
      case Paginator.SinglePage _, Paginator.Detected _ -> new SinglePageState();
      case Paginator.JsonLink link -> new ReferenceState(new Reference.BodyLink(link), chain);
      case Paginator.HeaderLink link -> new ReferenceState(new Reference.HeaderLink(link), chain);
      case Paginator.HeaderCursor cursor ->
          new ReferenceState(new Reference.HeaderCursor(cursor), chain);
      case Paginator.JsonCursor cursor ->
          new ReferenceState(new Reference.BodyCursor(cursor), chain);
      case Paginator.Range range -> new RangeState(range, chain);
    };
  }

  static RequestTemplate template(RequestChain chain, Slot slot) {
    RequestTemplate template = chain.following().get(slot);
    if (template == null) {
      throw refusal(
          "the paginator needs the option following." + slot.optionName() + " of the request");
    }
    return template;
  }

  /// What `has_more_path` says, as `RangePaginator` and `JSONResponseCursorPaginator` read it.
  static boolean hasMore(@Nullable JsonValue value, JsonPath path) {
    if (value == null || value instanceof JsonValue.Null) {
      throw refusal("expected true or false at '" + path + "' (has_more_path), found nothing");
    }
    return PythonValue.bool(value)
        .orElseThrow(
            () ->
                refusal(
                    "expected true or false at '"
                        + path
                        + "' (has_more_path), found "
                        + value.kind()));
  }

  static DltJavaException refusal(String message) {
    return new DltJavaException(ErrorCode.PAGINATION, ErrorLocation.NONE, message);
  }
}
