package dev.dltjava.pipeline;

import dev.dltjava.json.JsonPath;
import dev.dltjava.rest.Paginator;
import dev.dltjava.rest.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Turns the option `paginator` into one. Its keys have dlt's names; their defaults are in dlt's
/// hands, so that what is absent is absent here.
final class PaginatorReader {
  /// Doubles hold all integers up to it, and so do all that speak JSON.
  private static final long LARGEST = 1L << 53;

  private static final List<String> TYPES =
      List.of(
          "single_page",
          "json_link",
          "header_link",
          "header_cursor",
          "cursor",
          "offset",
          "page_number",
          "auto");

  private final Options paginator;

  /// @param options of the source
  PaginatorReader(Options options) {
    this.paginator = options.object("paginator");
  }

  Paginator read() {
    Paginator read =
        switch (paginator.choice("type", TYPES)) {
          case "json_link" -> new Paginator.JsonLink(requiredPath("next_url_path"));
          case "header_link" ->
              new Paginator.HeaderLink(paginator.optionalText("links_next_key").orElse("next"));
          case "header_cursor" ->
              new Paginator.HeaderCursor(paginator.optionalText("cursor_key").orElse("next"));
          case "cursor" ->
              new Paginator.JsonCursor(
                  requiredPath("cursor_path"),
                  paginator.flag("stop_after_empty_page"),
                  path("has_more_path"));
          case "offset" -> offset();
          case "page_number" -> pageNumber();
          case "auto" -> new Paginator.Detected();
          default -> new Paginator.SinglePage();
        };
    paginator.refuseUnknown();
    return read;
  }

  private Paginator offset() {
    if (!paginator.has("limit")) {
      throw paginator.refuse("limit", "is required");
    }
    return range(
        Slot.OFFSET,
        paginator.integer("offset", 0, -LARGEST, LARGEST),
        paginator.integer("limit", 1, 1, LARGEST),
        0,
        "maximum_offset");
  }

  private Paginator pageNumber() {
    long base = paginator.integer("base_page", 0, -LARGEST, LARGEST);
    return range(
        Slot.PAGE, paginator.integer("page", base, -LARGEST, LARGEST), 1, base, "maximum_page");
  }

  private Paginator range(Slot slot, long initial, long step, long base, String maximumKey) {
    Optional<JsonPath> total = path("total_path");
    Optional<JsonPath> hasMore = path("has_more_path");
    boolean stops = paginator.flag("stop_after_empty_page");
    boolean bounded = paginator.has(maximumKey);
    if (total.isEmpty() && hasMore.isEmpty() && !stops && !bounded) {
      throw paginator.refuse(
          "type",
          "expected one of total_path, has_more_path, stop_after_empty_page and "
              + maximumKey
              + ": nothing would end it");
    }
    long maximum = paginator.integer(maximumKey, 0, -LARGEST, LARGEST);
    return new Paginator.Range(
        slot,
        initial,
        step,
        base,
        total,
        bounded ? OptionalLong.of(maximum) : OptionalLong.empty(),
        stops,
        hasMore);
  }

  private JsonPath requiredPath(String key) {
    return path(key).orElseThrow(() -> paginator.refuse(key, "is required"));
  }

  private Optional<JsonPath> path(String key) {
    if (!paginator.has(key)) {
      return Optional.empty();
    }
    List<JsonPath.Step> steps = new ArrayList<>();
    for (Object step : paginator.textsAndIntegers(key)) {
      steps.add(
          step instanceof Integer index
              ? new JsonPath.Step.Index(index)
              : new JsonPath.Step.Key((String) step));
    }
    return Optional.of(new JsonPath(steps));
  }
}
