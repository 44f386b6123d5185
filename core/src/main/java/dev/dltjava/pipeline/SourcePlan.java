package dev.dltjava.pipeline;

import dev.dltjava.http.HttpOptions;
import dev.dltjava.http.HttpRequest;
import dev.dltjava.json.RecordPath;
import dev.dltjava.normalize.NormalizerOptions;
import dev.dltjava.normalize.RowTemplate;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a source fetches and what becomes of it: its options, checked.
///
/// @param input where the texts come from
/// @param severalDocuments whether a text may hold one document behind the other, as JSON Lines do
/// @param records where the records of each document are
/// @param ignoredStatuses HTTP statuses that count as a document without records
/// @param template how rows are built, empty to take whole records
/// @param concurrency most requests in flight, and responses held before they are decoded
/// @param batchRows rows of the root table after which a batch is delivered
/// @param batchBytes bytes of column data after which a batch is delivered
public record SourcePlan(
    Input input,
    boolean severalDocuments,
    RecordPath records,
    Set<Integer> ignoredStatuses,
    Optional<RowTemplate> template,
    NormalizerOptions normalizer,
    HttpOptions http,
    int concurrency,
    int batchRows,
    long batchBytes) {
  public SourcePlan {
    ignoredStatuses = Set.copyOf(ignoredStatuses);
  }

  /// Where texts come from.
  public sealed interface Input {}

  /// Texts are responses.
  ///
  /// @param requests in the order in which their rows are delivered
  public record Requests(List<PlannedRequest> requests) implements Input {
    public Requests {
      requests = List.copyOf(requests);
    }
  }

  /// The text is a file's.
  public record TextFile(Path file) implements Input {}

  /// Texts are pushed by the caller.
  public record Pushed() implements Input {}

  /// One request of the plan.
  ///
  /// @param constants what its rows may take from it: strings, longs, doubles or booleans
  public record PlannedRequest(HttpRequest request, Map<String, Object> constants) {
    public PlannedRequest {
      constants = Map.copyOf(constants);
    }
  }

  /// Reads the options of a source, `docs/reference/options.md`.
  ///
  /// @param userAgent of requests whose headers name none
  public static SourcePlan parse(String json, String userAgent) {
    return new PlanReader(Options.parse(json), userAgent).read();
  }
}
