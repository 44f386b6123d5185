package dev.dltjava.pipeline;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.http.Validator;
import dev.dltjava.json.JsonPath;
import dev.dltjava.json.JsonValue;
import dev.dltjava.rest.Conditions;
import dev.dltjava.rest.Paginator;
import dev.dltjava.rest.RememberedPage;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The pages that a source has delivered, as the statistics tell them and the option `conditional`
/// takes them.
final class ConditionsText {
  /// A state of dlt is written whole into each load; a page takes some two hundred bytes of it.
  private static final int DEFAULT_MOST_PAGES = 1_000;

  private static final int LARGEST_MOST_PAGES = 100_000;

  private ConditionsText() {}

  /// @param options of the source
  static Optional<Conditions> read(Options options) {
    if (!options.has("conditional")) {
      return Optional.empty();
    }
    Options conditional = options.object("conditional");
    Options pages = conditional.object("pages");
    Map<String, RememberedPage> known = new HashMap<>();
    for (String key : pages.keys()) {
      known.put(key, page(pages.object(key)));
    }
    Conditions conditions =
        new Conditions(
            conditional.optionalText("context").orElse(""),
            known,
            (int) conditional.integer("most_pages", DEFAULT_MOST_PAGES, 1, LARGEST_MOST_PAGES));
    conditional.refuseUnknown();
    return Optional.of(conditions);
  }

  private static RememberedPage page(Options page) {
    Optional<RememberedPage.Detected> detected =
        page.has("paginator")
            ? Optional.of(
                new RememberedPage.Detected(
                    new PaginatorReader(page).read(), page.texts("records")))
            : Optional.empty();
    RememberedPage read =
        new RememberedPage(validator(page), values(page), page.flag("has_records"), detected);
    page.refuseUnknown();
    return read;
  }

  private static Validator validator(Options page) {
    Optional<String> etag = page.optionalText("etag");
    Optional<String> modified = page.optionalText("last_modified");
    if (etag.isPresent() == modified.isPresent()) {
      throw page.refuse("etag", "expected it or last_modified");
    }
    try {
      return etag.isPresent()
          ? new Validator(Validator.Kind.ETAG, etag.get())
          : new Validator(Validator.Kind.LAST_MODIFIED, modified.orElseThrow());
    } catch (DltJavaException invalid) {
      throw page.refuse("etag", String.valueOf(invalid.getMessage()));
    }
  }

  private static List<JsonValue> values(Options page) {
    Optional<String> text = page.optionalText("values");
    try {
      return text.isEmpty() ? List.of() : RememberedPage.values(text.get());
    } catch (DltJavaException notJson) {
      throw page.refuse("values", "expected the text of a JSON array");
    }
  }

  static void write(JsonGenerator json, Map<String, RememberedPage> pages) throws IOException {
    json.writeStartObject();
    for (Map.Entry<String, RememberedPage> page : pages.entrySet()) {
      json.writeObjectFieldStart(page.getKey());
      write(json, page.getValue());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  /// What is empty is left out.
  private static void write(JsonGenerator json, RememberedPage page) throws IOException {
    switch (page.validator().kind()) {
      case ETAG -> json.writeStringField("etag", page.validator().value());
      case LAST_MODIFIED -> json.writeStringField("last_modified", page.validator().value());
    }
    if (!page.values().isEmpty()) {
      json.writeStringField("values", page.valuesText());
    }
    if (page.hasRecords()) {
      json.writeBooleanField("has_records", true);
    }
    if (page.detected().isPresent()) {
      json.writeObjectFieldStart("paginator");
      write(json, page.detected().get().paginator());
      json.writeEndObject();
      json.writeArrayFieldStart("records");
      for (String key : page.detected().get().records()) {
        json.writeString(key);
      }
      json.writeEndArray();
    }
  }

  /// One that is detected, with the keys of its options.
  private static void write(JsonGenerator json, Paginator detected) throws IOException {
    switch (detected) {
      case Paginator.SinglePage _ -> json.writeStringField("type", "single_page");
      case Paginator.HeaderLink link -> {
        json.writeStringField("type", "header_link");
        json.writeStringField("links_next_key", link.rel());
      }
      case Paginator.JsonLink link -> {
        json.writeStringField("type", "json_link");
        write(json, "next_url_path", link.nextUrl());
      }
      case Paginator.JsonCursor cursor -> {
        json.writeStringField("type", "cursor");
        write(json, "cursor_path", cursor.cursor());
      }
      case Paginator.Range range -> {
        json.writeStringField("type", "page_number");
        write(json, "total_path", range.total().orElseThrow());
        json.writeBooleanField("stop_after_empty_page", range.stopAfterEmptyPage());
      }
      case Paginator.HeaderCursor _, Paginator.Detected _ ->
          throw new IllegalStateException("not one that is detected: " + detected);
    }
  }

  private static void write(JsonGenerator json, String name, JsonPath path) throws IOException {
    json.writeArrayFieldStart(name);
    for (JsonPath.Step step : path.steps()) {
      switch (step) {
        case JsonPath.Step.Key key -> json.writeString(key.key());
        case JsonPath.Step.Index index -> json.writeNumber(index.index());
      }
    }
    json.writeEndArray();
  }
}
