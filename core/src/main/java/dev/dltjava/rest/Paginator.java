package dev.dltjava.rest;

import dev.dltjava.json.JsonPath;
import java.util.Optional;
import java.util.OptionalLong;

/// How one page leads to the next, as dlt's paginators decide it
/// (`dlt/sources/helpers/rest_client/paginators.py`).
public sealed interface Paginator {
  /// `SinglePagePaginator`: there is no next page.
  record SinglePage() implements Paginator {}

  /// `JSONLinkPaginator`: the body has the next page's URL.
  record JsonLink(JsonPath nextUrl) implements Paginator {}

  /// `HeaderLinkPaginator`: the header `Link` has the next page's URL.
  ///
  /// @param rel the relation of the link
  record HeaderLink(String rel) implements Paginator {}

  /// `HeaderCursorPaginator`: a header has what the next request contains.
  record HeaderCursor(String header) implements Paginator {}

  /// `JSONResponseCursorPaginator`: the body has what the next request contains.
  ///
  /// @param stopAfterEmptyPage whether a page without records is the last one
  /// @param hasMore where the body says whether there is a next page
  record JsonCursor(JsonPath cursor, boolean stopAfterEmptyPage, Optional<JsonPath> hasMore)
      implements Paginator {}

  /// `RangePaginator`, that is `OffsetPaginator` and `PageNumberPaginator`: requests count on.
  ///
  /// @param slot `PAGE` or `OFFSET`
  /// @param initial the first page's value
  /// @param step from page to page, at least 1
  /// @param base the value of the API's first page, beyond which the total counts
  /// @param total where the body says how many there are
  /// @param maximum the first value that is not requested any more
  /// @param stopAfterEmptyPage whether a page without records is the last one
  /// @param hasMore where the body says whether there is a next page
  record Range(
      Slot slot,
      long initial,
      long step,
      long base,
      Optional<JsonPath> total,
      OptionalLong maximum,
      boolean stopAfterEmptyPage,
      Optional<JsonPath> hasMore)
      implements Paginator {}

  /// None given: the first page of each chain tells ([PaginatorDetection]).
  record Detected() implements Paginator {}
}
