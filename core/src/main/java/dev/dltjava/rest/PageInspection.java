package dev.dltjava.rest;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.http.HttpResponse;
import dev.dltjava.json.PathScan;
import dev.dltjava.json.RecordPath;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Finds out what a chain has to know of a page. Any thread, one a page.
final class PageInspection {
  private static final int NOT_MODIFIED = 304;
  private static final int FIRST_ERROR_STATUS = 400;
  private static final int FIRST_SERVER_ERROR = 500;

  private final ChainOptions options;

  /// What a page is.
  sealed interface Outcome {
    /// It has records, or may have.
    ///
    /// @param detected what a first page has told, null for others
    record Facts(PageFacts facts, @Nullable Detected detected) implements Outcome {}

    /// It is as it was: what it says is known, and its records were delivered.
    record Unchanged(PageFacts facts, @Nullable Detected detected) implements Outcome {}

    /// It is as it was, but what follows it is not known: it has to be asked for whole.
    record Unclear() implements Outcome {}

    /// It ends its chain silently.
    record Ignored() implements Outcome {}

    /// It is no JSON.
    record Unreadable() implements Outcome {}

    /// It ends the source.
    record Failed(DltJavaException failure) implements Outcome {}
  }

  /// What a first page tells.
  record Detected(Paginator paginator, RecordPath records) {}

  PageInspection(ChainOptions options) {
    this.options = options;
  }

  /// Whether it reads the body of such a page.
  ///
  /// @param state that of its chain
  boolean readsBody(PaginatorState state, boolean detects) {
    return detects || options.readsActions() || !state.paths().isEmpty() || state.asksForRecords();
  }

  /// @param chain its plan
  /// @param known the paginator as far as it is known
  /// @param records where its records are, unless they are to be detected
  /// @param detects whether the page has to tell paginator or records
  /// @param remembered what was asked whether it is unchanged, null if nothing was
  Outcome inspect(
      HttpResponse response,
      RequestChain chain,
      PaginatorState known,
      RecordPath records,
      boolean detects,
      @Nullable RememberedPage remembered) {
    if (isIgnored(response)) {
      return new Outcome.Ignored();
    }
    if (isRefused(response)) {
      return new Outcome.Failed(
          new DltJavaException(
              ErrorCode.STATUS,
              ErrorLocation.NONE.withHttpStatus(response.status()),
              "the server answered with status "
                  + response.status()
                  + ", expected a document; "
                  + advice(response.status())));
    }
    try {
      if (remembered != null && response.status() == NOT_MODIFIED) {
        return unchanged(response, chain, known, detects, remembered);
      }
      if (!detects) {
        return new Outcome.Facts(facts(response, known, records), null);
      }
      Detected detected = detect(response);
      boolean isGiven = !(options.paginator() instanceof Paginator.Detected);
      PaginatorState state = isGiven ? known : PaginatorState.of(detected.paginator(), chain);
      return new Outcome.Facts(facts(response, state, detected.records()), detected);
    } catch (IOException notJson) {
      return new Outcome.Unreadable();
    } catch (DltJavaException refused) {
      return new Outcome.Failed(refused);
    }
  }

  private boolean isIgnored(HttpResponse response) {
    return ResponseAction.anyMatches(options.actions(), response)
        || options.ignoredStatuses().contains(response.status());
  }

  /// Whether the status says that the page cannot be had.
  boolean isRefused(HttpResponse response) {
    return response.status() >= FIRST_ERROR_STATUS && !isIgnored(response);
  }

  private static String advice(int status) {
    return switch (status) {
      case 401, 403, 407 -> "check the credentials";
      case 429 -> "lower requests_per_second, or raise max_attempts";
      default ->
          status >= FIRST_SERVER_ERROR
              ? "check that the server is well, or raise max_attempts"
              : "check the URL and its parameters";
    };
  }

  private Outcome unchanged(
      HttpResponse response,
      RequestChain chain,
      PaginatorState known,
      boolean detects,
      RememberedPage page) {
    Detected detected = null;
    PaginatorState state = known;
    if (detects) {
      if (page.detected().isEmpty()) {
        return new Outcome.Unclear();
      }
      RememberedPage.Detected told = page.detected().get();
      detected = new Detected(told.paginator(), records(told.records()));
      if (options.paginator() instanceof Paginator.Detected) {
        boolean isLinkNew =
            !(told.paginator() instanceof Paginator.HeaderLink)
                && LinkHeader.url(response.headers(), PaginatorDetection.NEXT).isPresent();
        if (isLinkNew) {
          return new Outcome.Unclear();
        }
        state = PaginatorState.of(told.paginator(), chain);
      }
    }
    PageFacts facts =
        new PageFacts(response.headers(), List.copyOf(page.values()), page.hasRecords());
    boolean isClear = page.values().size() == state.paths().size() && !state.endsByHeader(facts);
    return isClear ? new Outcome.Unchanged(facts, detected) : new Outcome.Unclear();
  }

  private RecordPath records(List<String> detected) {
    return options.detectsRecords()
        ? new RecordPath(detected, RecordPath.Missing.EMPTY)
        : options.records();
  }

  private Detected detect(HttpResponse response) throws IOException {
    FirstPageShape shape = read(response, body -> FirstPageShape.read(options.limits(), body));
    return new Detected(
        PaginatorDetection.detect(response.headers(), shape), records(shape.records()));
  }

  private PageFacts facts(HttpResponse response, PaginatorState state, RecordPath records)
      throws IOException {
    PathScan.Found found = PathScan.Found.NOTHING;
    if (!state.paths().isEmpty() || state.asksForRecords()) {
      PathScan scan = new PathScan(state.paths(), state.asksForRecords() ? records : null);
      found = read(response, body -> scan.scan(options.limits(), body));
    }
    return new PageFacts(response.headers(), found.values(), found.hasRecords());
  }

  /// @throws IOException if the body is not JSON; what is wrong with it, the decoder says
  private static <T> T read(HttpResponse response, Function<InputStream, T> reading)
      throws IOException {
    try (InputStream body = response.bodyStream()) {
      return reading.apply(body);
    } catch (DltJavaException notJson) {
      throw new IOException(notJson);
    }
  }
}
