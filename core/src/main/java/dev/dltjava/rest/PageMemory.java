package dev.dltjava.rest;

import dev.dltjava.http.Header;
import dev.dltjava.http.HttpClient;
import dev.dltjava.http.HttpRequest;
import dev.dltjava.http.HttpResponse;
import dev.dltjava.http.Validator;
import dev.dltjava.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which pages were delivered before, and which are now. Guarded by its fetcher's lock.
final class PageMemory {
  /// Of what its pages say of others: links and cursors are shorter.
  private static final int LONGEST_VALUES = 4_000;

  private static final int OK = 200;

  /// 128 bits: no two pages of a source share a key by chance.
  private static final int KEY_BYTES = 16;

  private final Conditions conditions;
  private final boolean detectsPaginator;
  private final String reading;
  private final Map<String, RememberedPage> delivered = new LinkedHashMap<>();

  PageMemory(Conditions conditions, ChainOptions options) {
    this.conditions = conditions;
    this.detectsPaginator = options.paginator() instanceof Paginator.Detected;
    this.reading =
        String.join(
            "\n",
            conditions.context(),
            options.paginator().toString(),
            options.records().toString(),
            String.valueOf(options.detectsRecords()));
  }

  /// What a page is remembered by, null if it is not: a hash, since the URL may hold secrets.
  @Nullable String key(PageSlot slot) {
    HttpRequest request = slot.request;
    if (!request.method().equals("GET") || request.body() != null || Validator.isIn(request)) {
      return null;
    }
    List<String> headers = new ArrayList<>();
    for (Header header : request.headers().entries()) {
      headers.add(header.name().toLowerCase(Locale.ROOT) + ": " + header.value());
    }
    headers.sort(null);
    String text =
        String.join(
            "\n\n",
            request.url().toString(),
            String.join("\n", headers),
            slot.chain.plan.fields(),
            reading,
            found(slot));
    byte[] hash = sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, KEY_BYTES);
  }

  /// What the first page of its chain has told, which may be another one by now: how its further
  /// pages are read.
  private static String found(PageSlot slot) {
    if (slot.index == 0) {
      return "";
    }
    PaginatorState state = slot.chain.state();
    return state.paths() + " " + state.asksForRecords() + " " + slot.chain.records();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every Java has SHA-256", missing);
    }
  }

  @Nullable RememberedPage known(String key) {
    return conditions.pages().get(key);
  }

  /// A page that is delivered.
  ///
  /// @param client knows the secrets
  void note(PageSlot slot, HttpResponse response, HttpClient client) {
    String key = slot.key;
    if (key == null || slot.failure != null || slot.facts == null) {
      return;
    }
    if (slot.unchanged && slot.known != null) {
      put(key, slot.known);
    } else if (isItself(slot, response) && !endsByHeader(slot, slot.facts)) {
      Optional<Validator> validator = Validator.of(response.headers());
      if (validator.isPresent()) {
        List<JsonValue> values =
            slot.facts.values().stream()
                .map(value -> value == null ? new JsonValue.Null() : value)
                .toList();
        if (areFit(values, client) && !client.isSecretIn(validator.get().value())) {
          put(key, page(validator.get(), values, slot.facts, slot.detected));
        }
      }
    }
  }

  private static RememberedPage page(
      Validator validator,
      List<JsonValue> values,
      PageFacts facts,
      PageInspection.@Nullable Detected detected) {
    return new RememberedPage(
        validator,
        values,
        facts.hasRecords(),
        Optional.ofNullable(detected)
            .map(some -> new RememberedPage.Detected(some.paginator(), some.records().keys())));
  }

  /// Whether the content is that of the page's own URL.
  private static boolean isItself(PageSlot slot, HttpResponse response) {
    return response.status() == OK && response.url().equals(slot.request.url());
  }

  /// A body that is unchanged says nothing of a header that might lead on by now.
  private boolean endsByHeader(PageSlot slot, PageFacts facts) {
    boolean foundNothing =
        detectsPaginator
            && slot.detected != null
            && slot.detected.paginator() instanceof Paginator.SinglePage;
    return foundNothing || slot.chain.state().endsByHeader(facts);
  }

  /// Whether they can be written, are short, and hold no secret.
  private static boolean areFit(List<JsonValue> values, HttpClient client) {
    boolean areClean =
        values.stream()
            .allMatch(
                value ->
                    switch (value) {
                      case JsonValue.Real real -> Double.isFinite(real.value());
                      case JsonValue.Text text -> !client.isSecretIn(text.text());
                      case JsonValue.Nested nested -> !client.isSecretIn(nested.json());
                      case JsonValue.Whole _, JsonValue.Bool _, JsonValue.Null _ -> true;
                    });
    return areClean && RememberedPage.text(values).length() <= LONGEST_VALUES;
  }

  private void put(String key, RememberedPage page) {
    if (delivered.size() < conditions.mostPages() || delivered.containsKey(key)) {
      delivered.put(key, page);
    }
  }

  /// Those that were delivered, by their keys, in the order of delivery.
  Map<String, RememberedPage> delivered() {
    return new LinkedHashMap<>(delivered);
  }
}
