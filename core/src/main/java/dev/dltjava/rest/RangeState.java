package dev.dltjava.rest;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.http.HttpRequest;
import dev.dltjava.json.JsonPath;
import dev.dltjava.json.JsonValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A chain whose requests count on: `RangePaginator`. Since any page's request is known beforehand,
/// several may be under way.
final class RangeState extends PaginatorState {
  /// Beyond any number of pages, far from overflow.
  private static final BigInteger ENDLESS = BigInteger.ONE.shiftLeft(60);

  private final Paginator.Range paginator;
  private final RequestChain chain;
  private long current;

  /// So many pages there are as far as total and maximum say.
  private long pages;

  /// Whether a page has said a total.
  private boolean total;

  RangeState(Paginator.Range paginator, RequestChain chain) {
    this.paginator = paginator;
    this.chain = chain;
    this.current = paginator.initial();
    this.pages = pagesBelow(paginator.maximum().orElse(Long.MAX_VALUE));
  }

  @Override
  List<JsonPath> paths() {
    List<JsonPath> paths = new ArrayList<>();
    paginator.total().ifPresent(paths::add);
    paginator.hasMore().ifPresent(paths::add);
    return paths;
  }

  @Override
  boolean asksForRecords() {
    return paginator.stopAfterEmptyPage();
  }

  /// The order of the checks is that of `RangePaginator.update_state`.
  @Override
  boolean advance(PageFacts page) {
    if (paginator.stopAfterEmptyPage() && !page.hasRecords()) {
      return false;
    }
    boolean next = true;
    int value = 0;
    current += paginator.step();
    if (paginator.total().isPresent()) {
      long end = end(page.values().get(value++), paginator.total().get());
      total = true;
      pages = Math.min(pagesBelow(end), pagesBelow(paginator.maximum().orElse(Long.MAX_VALUE)));
      next = current < end;
    }
    if (paginator.maximum().isPresent() && current >= paginator.maximum().getAsLong()) {
      next = false;
    }
    if (paginator.hasMore().isPresent()) {
      // Read even when there is no next page: dlt refuses a page without it.
      next &= hasMore(page.values().get(value), paginator.hasMore().get());
    }
    return next;
  }

  /// The first value that is not requested any more, as the total of a page says.
  private long end(@Nullable JsonValue value, JsonPath path) {
    if (value == null || value instanceof JsonValue.Null) {
      throw wrongTotal("nothing", path);
    }
    BigInteger number =
        PythonValue.integer(value).orElseThrow(() -> wrongTotal(describe(value), path));
    return number.min(ENDLESS).max(ENDLESS.negate()).longValue() + paginator.base();
  }

  private static String describe(JsonValue value) {
    return value instanceof JsonValue.Text text && text.text().length() < 40
        ? "'" + text.text() + "'"
        : value.kind();
  }

  private DltJavaException wrongTotal(String found, JsonPath path) {
    String items = paginator.slot() == Slot.PAGE ? "pages" : "items";
    return refusal(
        "expected the total number of "
            + items
            + " at '"
            + path
            + "' (total_path), found "
            + found
            + "; set total_path to where the API says it, or to null");
  }

  /// How many values there are below an end, at least the first one.
  private long pagesBelow(long end) {
    if (end <= paginator.initial()) {
      return 1;
    }
    return (end - paginator.initial() - 1) / paginator.step() + 1;
  }

  @Override
  long requestable(long taken, int ahead) {
    boolean atOnce = ahead > 0;
    if (!atOnce) {
      return taken + 1;
    }
    boolean onlyMaximum =
        paginator.maximum().isPresent()
            && paginator.total().isEmpty()
            && paginator.hasMore().isEmpty()
            && !paginator.stopAfterEmptyPage();
    if (total || onlyMaximum) {
      return Math.max(taken + 1, pages);
    }
    boolean tellsItself = paginator.total().isPresent() || paginator.hasMore().isPresent();
    if (taken == 0 && tellsItself || !chain.first().method().equals("GET")) {
      return taken + 1;
    }
    return Math.max(taken + 1, Math.min(pages, taken + 1 + ahead));
  }

  @Override
  HttpRequest request(long page) {
    long value = paginator.initial() + page * paginator.step();
    return template(chain, paginator.slot())
        .request(chain.first(), new JsonValue.Whole(BigInteger.valueOf(value)));
  }
}
