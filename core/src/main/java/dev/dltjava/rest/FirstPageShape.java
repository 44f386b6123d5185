package dev.dltjava.rest;

import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.JsonKind;
import dev.dltjava.json.JsonValue;
import dev.dltjava.limits.Limits;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Looks through a first page for what tells its paginator and its records, as
/// `dlt/sources/helpers/rest_client/detector.py` does with the parsed document: depth first, in the
/// order of the keys. One thread, one page.
final class FirstPageShape {
  /// `RECORD_KEY_PATTERNS`; none of `NON_RECORD_KEY_PATTERNS` is among them.
  private static final Set<String> RECORD_KEYS =
      Set.of(
          "data",
          "items",
          "results",
          "entries",
          "records",
          "rows",
          "entities",
          "payload",
          "content",
          "objects",
          "values");

  /// `TOTAL_PAGES_KEYS`.
  private static final Set<String> TOTAL_KEYS = Set.of("total_pages", "pages", "totalpages");

  /// `find_all_lists` looks so many keys deep.
  private static final int DEEPEST_LIST = 3;

  private final List<String> path = new ArrayList<>();
  private @Nullable List<String> firstList;
  private @Nullable List<String> recordList;
  private @Nullable Match next;
  private @Nullable Match total;

  /// A value that was looked for.
  ///
  /// @param keys from the root to it, with keys split at dots, as the path that dlt makes of them
  ///   is
  /// @param value a string, a number or a boolean
  record Match(List<String> keys, JsonValue value) {}

  private FirstPageShape() {}

  /// Reads a page.
  ///
  /// @param body not closed
  /// @throws dev.dltjava.error.DltJavaException if it is not JSON
  static FirstPageShape read(Limits limits, InputStream body) {
    FirstPageShape shape = new FirstPageShape();
    JsonCursor cursor = new JsonCursor(limits);
    cursor.open(body);
    cursor.skipByteOrderMark();
    if (cursor.document() == JsonKind.OBJECT) {
      Search search = shape.readObject(cursor);
      shape.next = search.next;
      shape.total = search.total;
    }
    return shape;
  }

  /// `find_response_page_data`: keys to the list of records, none for the whole document.
  List<String> records() {
    List<String> found = recordList == null ? firstList : recordList;
    return found == null ? List.of() : splitAtDots(found);
  }

  /// `find_next_page_path`.
  Optional<Match> next() {
    return Optional.ofNullable(next);
  }

  /// `find_total_pages_path`.
  Optional<Match> total() {
    return Optional.ofNullable(total);
  }

  /// What one object and those in it have; the first match of each kind.
  private static final class Search {
    private @Nullable Match next;
    private @Nullable Match total;

    /// `href` or `url` among the object's own members.
    private @Nullable Match link;
  }

  private Search readObject(JsonCursor cursor) {
    Search search = new Search();
    while (cursor.toKey()) {
      cursor.readKey();
      String key = cursor.string();
      path.add(key);
      JsonKind kind = cursor.value();
      String lower = key.toLowerCase(Locale.ROOT);
      if (kind == JsonKind.OBJECT) {
        Search inner = readObject(cursor);
        Match link = lower.startsWith("next") ? inner.link : null;
        search.next = first(search.next, first(link, inner.next));
        search.total = first(search.total, inner.total);
      } else if (kind == JsonKind.ARRAY) {
        noteList(key);
        cursor.skipRest();
      } else if (kind != JsonKind.NULL) {
        noteScalar(search, lower, cursor);
      }
      path.removeLast();
    }
    return search;
  }

  private void noteScalar(Search search, String key, JsonCursor cursor) {
    boolean isNext = key.startsWith("next");
    boolean isLink = key.startsWith("href") || key.startsWith("url");
    boolean isTotal = TOTAL_KEYS.contains(key);
    if (isNext || isLink || isTotal) {
      Match match = new Match(splitAtDots(path), JsonValue.read(cursor));
      search.next = first(search.next, isNext ? match : null);
      search.link = first(search.link, isLink ? match : null);
      search.total = first(search.total, isTotal ? match : null);
    }
  }

  private void noteList(String key) {
    if (path.size() > DEEPEST_LIST) {
      return;
    }
    if (firstList == null) {
      firstList = List.copyOf(path);
    }
    if (recordList == null && RECORD_KEYS.contains(key)) {
      recordList = List.copyOf(path);
    }
  }

  private static @Nullable Match first(@Nullable Match earlier, @Nullable Match later) {
    return earlier == null ? later : earlier;
  }

  private static List<String> splitAtDots(List<String> keys) {
    return List.of(String.join(".", keys).split("\\.", -1));
  }
}
