package dev.dltjava.rest;

import dev.dltjava.http.HttpRequest;
import dev.dltjava.json.JsonPath;
import java.util.List;

/// `SinglePagePaginator`; also that of a chain whose first page has yet to tell.
final class SinglePageState extends PaginatorState {
  @Override
  List<JsonPath> paths() {
    return List.of();
  }

  @Override
  boolean advance(PageFacts page) {
    return false;
  }

  @Override
  HttpRequest request(long page) {
    throw new IllegalStateException("a single page has no next one");
  }
}
