package dev.dltjava.rest;

import dev.dltjava.http.HttpRequest;
import dev.dltjava.json.JsonPath;
import dev.dltjava.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where a page says which one is next: `BaseReferencePaginator` and the classes below it.
sealed interface Reference {
  /// The values that each page is scanned for.
  default List<JsonPath> paths() {
    return List.of();
  }

  default boolean asksForRecords() {
    return false;
  }

  /// Whether it is in a header.
  default boolean isHeader() {
    return false;
  }

  /// What leads to the next page, empty if there is none.
  Optional<JsonValue> next(PageFacts page);

  /// The request for the next page.
  ///
  /// @param current that of the page that has the reference
  HttpRequest request(RequestChain chain, HttpRequest current, JsonValue next);

  /// `JSONLinkPaginator`.
  record BodyLink(Paginator.JsonLink paginator) implements Reference {
    @Override
    public List<JsonPath> paths() {
      return List.of(paginator.nextUrl());
    }

    @Override
    public Optional<JsonValue> next(PageFacts page) {
      return present(page.values().get(0));
    }

    @Override
    public HttpRequest request(RequestChain chain, HttpRequest current, JsonValue next) {
      if (next instanceof JsonValue.Text text) {
        return follow(current, text.text());
      }
      throw PaginatorState.refusal(
          "the next page's URL at '"
              + paginator.nextUrl()
              + "' (next_url_path) is "
              + next.kind()
              + ", expected a string or null");
    }
  }

  /// `HeaderLinkPaginator`.
  record HeaderLink(Paginator.HeaderLink paginator) implements Reference {
    @Override
    public boolean isHeader() {
      return true;
    }

    @Override
    public Optional<JsonValue> next(PageFacts page) {
      return LinkHeader.url(page.headers(), paginator.rel()).map(JsonValue.Text::new);
    }

    @Override
    public HttpRequest request(RequestChain chain, HttpRequest current, JsonValue next) {
      return follow(current, next instanceof JsonValue.Text text ? text.text() : "");
    }
  }

  /// `HeaderCursorPaginator`.
  record HeaderCursor(Paginator.HeaderCursor paginator) implements Reference {
    @Override
    public boolean isHeader() {
      return true;
    }

    @Override
    public Optional<JsonValue> next(PageFacts page) {
      List<String> values = page.headers().all(paginator.header());
      return values.isEmpty()
          ? Optional.empty()
          : Optional.of(new JsonValue.Text(String.join(", ", values)));
    }

    @Override
    public HttpRequest request(RequestChain chain, HttpRequest current, JsonValue next) {
      return PaginatorState.template(chain, Slot.CURSOR).request(chain.first(), next);
    }
  }

  /// `JSONResponseCursorPaginator`.
  record BodyCursor(Paginator.JsonCursor paginator) implements Reference {
    @Override
    public List<JsonPath> paths() {
      List<JsonPath> paths = new ArrayList<>(List.of(paginator.cursor()));
      paginator.hasMore().ifPresent(paths::add);
      return paths;
    }

    @Override
    public boolean asksForRecords() {
      return paginator.stopAfterEmptyPage();
    }

    @Override
    public Optional<JsonValue> next(PageFacts page) {
      Optional<JsonValue> cursor = present(page.values().get(0)).filter(JsonValue::isTruthy);
      if (paginator.stopAfterEmptyPage() && !page.hasRecords()) {
        return Optional.empty();
      }
      if (paginator.hasMore().isPresent()
          && !PaginatorState.hasMore(page.values().get(1), paginator.hasMore().get())) {
        return Optional.empty();
      }
      return cursor;
    }

    @Override
    public HttpRequest request(RequestChain chain, HttpRequest current, JsonValue next) {
      RequestTemplate template = PaginatorState.template(chain, Slot.CURSOR);
      if (next instanceof JsonValue.Nested && template.writesQuery()) {
        throw PaginatorState.refusal(
            "the cursor at '"
                + paginator.cursor()
                + "' (cursor_path) is "
                + next.kind()
                + ", expected a string or a number");
      }
      return template.request(chain.first(), next);
    }
  }

  private static Optional<JsonValue> present(@Nullable JsonValue value) {
    return Optional.ofNullable(value).filter(some -> !(some instanceof JsonValue.Null));
  }

  private static HttpRequest follow(HttpRequest current, String link) {
    if (link.isEmpty()) {
      throw PaginatorState.refusal("the next page's URL is an empty string, expected none at all");
    }
    try {
      return current.following(link);
    } catch (RuntimeException notUrl) {
      throw PaginatorState.refusal(
          "the next page's URL is not one that can be fetched; expected an absolute http or https"
              + " URL, or one relative to this page's");
    }
  }
}
