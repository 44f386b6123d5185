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

  /// A page that was known, and is unchanged.
  void keep(String key, RememberedPage page) {
    put(key, page);
  }

  /// A page that has come with its body, and is neither ignored nor unreadable.
  ///
  /// @param state of its chain
  void note(
      String key,
      HttpRequest request,
      HttpResponse response,
      PageFacts facts,
      PageInspection.@Nullable Detected detected,
      PaginatorState state,
      HttpClient client) {
    Optional<Validator> validator = Validator.of(response.headers());
    boolean isItself = response.status() == 200 && response.url().equals(request.url());
    boolean leadsNowhere =
        detectsPaginator && detected != null && detected.paginator() instanceof Paginator.SinglePage
            || state.endsByHeader(facts);
    List<JsonValue> values =
        facts.values().stream().map(value -> value == null ? new JsonValue.Null() : value).toList();
    boolean isWritable =
        values.stream()
            .noneMatch(
                value -> value instanceof JsonValue.Real real && !Double.isFinite(real.value()));
    String text = isWritable ? RememberedPage.text(values) : "";
    // A body that is unchanged says nothing of a header that might lead on by now.
    if (validator.isEmpty()
        || !isItself
        || leadsNowhere
        || !isWritable
        || text.length() > LONGEST_VALUES
        || client.isSecretIn(text)) {
      return;
    }
    put(
        key,
        new RememberedPage(
            validator.get(),
            values,
            facts.hasRecords(),
            Optional.ofNullable(detected)
                .map(
                    some -> new RememberedPage.Detected(some.paginator(), some.records().keys()))));
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
