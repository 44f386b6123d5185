package dev.dltjava.pipeline;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.http.Credentials;
import dev.dltjava.http.Header;
import dev.dltjava.http.Headers;
import dev.dltjava.http.HttpRequest;
import dev.dltjava.http.Tally;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.JsonKind;
import dev.dltjava.json.RecordPath;
import dev.dltjava.limits.Limits;
import dev.dltjava.pipeline.SourcePlan.PlannedRequest;
import dev.dltjava.rest.ChainOptions;
import dev.dltjava.rest.Paginator;
import dev.dltjava.rest.RequestChain;
import dev.dltjava.rest.RequestTemplate;
import dev.dltjava.rest.ResponseAction;
import dev.dltjava.rest.Slot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Turns the options that say what to fetch into a plan's requests.
final class RequestsReader {
  private static final int DEFAULT_PAGES_AHEAD = 8;
  private static final int MOST_PAGES_AHEAD = 1_000;

  private final Options options;
  private final Limits limits;
  private final JsonCursor cursor;
  private final Map<String, Tally> endpoints = new LinkedHashMap<>();

  RequestsReader(Options options, Limits limits) {
    this.options = options;
    this.limits = limits;
    this.cursor = new JsonCursor(limits);
  }

  /// @param records where the records of a document are
  SourcePlan.Requests read(RecordPath records, int concurrency) {
    Paginator paginator = new PaginatorReader(options).read();
    boolean detects = options.choice("records", List.of("path", "detect")).equals("detect");
    ChainOptions chains =
        new ChainOptions(
            paginator,
            records,
            detects,
            (int) options.integer("pages_ahead", DEFAULT_PAGES_AHEAD, 0, MOST_PAGES_AHEAD),
            actions(),
            new HashSet<>(options.integers("ignored_statuses")),
            ConditionsText.read(options),
            concurrency,
            limits);
    List<PlannedRequest> requests = requests(paginator);
    return new SourcePlan.Requests(requests, chains, credentials(options), endpoints);
  }

  private boolean isObject(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    cursor.open(utf8, 0, utf8.length);
    try {
      if (cursor.value() != JsonKind.OBJECT) {
        return false;
      }
      cursor.skipRest();
      return cursor.atEnd();
    } catch (DltJavaException notJson) {
      return false;
    }
  }

  private List<PlannedRequest> requests(Paginator paginator) {
    Headers headers = new Headers(headers(options, "headers"));
    List<PlannedRequest> requests = new ArrayList<>();
    for (Options request : options.objects("requests")) {
      Optional<String> fields = request.optionalText("fields");
      if (fields.isPresent() && !isObject(fields.get())) {
        throw request.refuse("fields", "expected the text of a JSON object");
      }
      requests.add(
          new PlannedRequest(
              chain(request, headers, paginator), request.scalars("constants"), fields));
      request.refuseUnknown();
    }
    return requests;
  }

  private RequestChain chain(Options request, Headers common, Paginator paginator) {
    String name = request.optionalText("name").orElse("");
    String method = request.choice("method", List.of("GET", "POST"));
    Headers headers = common.with(headers(request, "headers"));
    HttpRequest get = HttpRequest.get(request.text("url"), headers);
    HttpRequest first =
        new HttpRequest(method, get.url(), headers, request.optionalText("body").orElse(null));
    Map<Slot, RequestTemplate> following = following(request);
    if (needed(paginator).isPresent() && !following.containsKey(needed(paginator).get())) {
      throw request.refuse(
          "following", "the paginator needs '" + needed(paginator).get().optionName() + "' in it");
    }
    Tally tally =
        name.isEmpty() ? new Tally() : endpoints.computeIfAbsent(name, any -> new Tally());
    return new RequestChain(
        name, first, following, request.optionalText("fields").orElse(""), tally);
  }

  private static Optional<Slot> needed(Paginator paginator) {
    return switch (paginator) {
      case Paginator.Range range -> Optional.of(range.slot());
      case Paginator.JsonCursor _, Paginator.HeaderCursor _ -> Optional.of(Slot.CURSOR);
      case Paginator.SinglePage _,
          Paginator.JsonLink _,
          Paginator.HeaderLink _,
          Paginator.Detected _ ->
          Optional.empty();
    };
  }

  private static Map<Slot, RequestTemplate> following(Options request) {
    Options following = request.object("following");
    Map<Slot, RequestTemplate> templates = new EnumMap<>(Slot.class);
    for (Slot slot : Slot.values()) {
      if (following.has(slot.optionName())) {
        Options template = following.object(slot.optionName());
        List<RequestTemplate.Part> url = parts(template, "url", slot);
        Optional<List<RequestTemplate.Part>> body =
            template.has("body") ? Optional.of(parts(template, "body", slot)) : Optional.empty();
        template.refuseUnknown();
        templates.put(slot, new RequestTemplate(url, body));
      }
    }
    following.refuseUnknown();
    return templates;
  }

  private static List<RequestTemplate.Part> parts(Options template, String key, Slot slot) {
    List<RequestTemplate.Part> parts = new ArrayList<>();
    for (Object element : template.textOrParts(key)) {
      parts.add(
          switch (element) {
            case String text -> new RequestTemplate.Part.Literal(text);
            case Options part -> value(part, slot);
            default -> throw new IllegalStateException("not a part: " + element);
          });
    }
    return parts;
  }

  private static RequestTemplate.Part value(Options part, Slot slot) {
    if (!part.text("slot").equals(slot.optionName())) {
      throw part.refuse("slot", "expected '" + slot.optionName() + "'");
    }
    String encoding = part.choice("encoding", List.of("query", "json"));
    part.refuseUnknown();
    return new RequestTemplate.Part.Value(
        encoding.equals("query") ? RequestTemplate.Encoding.QUERY : RequestTemplate.Encoding.JSON);
  }

  private List<ResponseAction> actions() {
    List<ResponseAction> actions = new ArrayList<>();
    for (Options action : options.objects("response_actions")) {
      long status = action.integer("status_code", -1, 100, 999);
      Optional<String> content = action.optionalText("content");
      if (status < 0 && content.isEmpty()) {
        throw action.refuse("status_code", "expected it, or content, or both");
      }
      action.refuseUnknown();
      actions.add(
          new ResponseAction(
              status < 0 ? OptionalInt.empty() : OptionalInt.of((int) status), content));
    }
    return actions;
  }

  /// What identifies the caller, as `auth_headers` and `auth_query` say.
  static Credentials credentials(Options options) {
    try {
      return new Credentials(
          new Headers(headers(options, "auth_headers")), headers(options, "auth_query"));
    } catch (DltJavaException invalid) {
      throw options.refuse("auth_headers", String.valueOf(invalid.getMessage()));
    }
  }

  private static List<Header> headers(Options options, String key) {
    List<Header> headers = new ArrayList<>();
    Options object = options.object(key);
    for (String name : object.keys()) {
      headers.add(new Header(name, object.text(name)));
    }
    return headers;
  }
}
