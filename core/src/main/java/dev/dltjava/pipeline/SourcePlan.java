package dev.dltjava.pipeline;

import dev.dltjava.contract.RecordContract;
import dev.dltjava.http.Credentials;
import dev.dltjava.http.HttpOptions;
import dev.dltjava.http.Tally;
import dev.dltjava.json.RecordPath;
import dev.dltjava.naming.Naming;
import dev.dltjava.normalize.Normalizer;
import dev.dltjava.normalize.NormalizerOptions;
import dev.dltjava.normalize.RowTemplate;
import dev.dltjava.rest.ChainOptions;
import dev.dltjava.rest.RequestChain;
import dev.dltjava.transform.Transformation;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// What a source fetches and what becomes of it: its options, checked.
///
/// @param input where the texts come from
/// @param severalDocuments whether a text may hold one document behind the other, as JSON Lines do
/// @param records where the records of each document are
/// @param transformations steps that each record goes through first
/// @param template how rows are built, empty to take whole records
/// @param contract what records have to be like, empty to take all of them
/// @param batchRows rows of the root table after which a batch is delivered
/// @param batchBytes bytes of column data after which a batch is delivered
/// @param decoderThreads threads that decode at a time, empty for as many as there are cores
/// @param segmentBytes bytes of text that are worth a thread of their own
/// @param requestLog most requests that are kept for the caller to read about, 0 for none
public record SourcePlan(
    Input input,
    boolean severalDocuments,
    RecordPath records,
    List<Transformation> transformations,
    Optional<RowTemplate> template,
    NormalizerOptions normalizer,
    Optional<RecordContract> contract,
    HttpOptions http,
    int batchRows,
    long batchBytes,
    OptionalInt decoderThreads,
    int segmentBytes,
    int requestLog) {
  public SourcePlan {
    transformations = List.copyOf(transformations);
  }

  /// Where texts come from.
  public sealed interface Input {}

  /// Texts are responses.
  ///
  /// @param requests in the order in which their rows are delivered
  /// @param chains how they and their further pages are fetched
  /// @param credentials what identifies the caller at first
  /// @param endpoints the tallies of the requests' chains, by the names of their endpoints
  public record Requests(
      List<PlannedRequest> requests,
      ChainOptions chains,
      Credentials credentials,
      Map<String, Tally> endpoints)
      implements Input {
    public Requests {
      requests = List.copyOf(requests);
      endpoints = Collections.unmodifiableMap(new LinkedHashMap<>(endpoints));
    }
  }

  /// The text is a file's.
  public record TextFile(Path file) implements Input {}

  /// Texts are pushed by the caller.
  ///
  /// @param pieces whether they are the pieces of one text
  /// @param lent whether they are read where the caller has them, until the source is closed
  public record Pushed(boolean pieces, boolean lent) implements Input {}

  /// One request of the plan, and its further pages.
  ///
  /// @param constants what its rows may take from it: strings, longs, doubles or booleans
  /// @param fields text of a JSON object whose members are appended to each of its records
  public record PlannedRequest(
      RequestChain chain, Map<String, Object> constants, Optional<String> fields) {
    public PlannedRequest {
      constants = Map.copyOf(constants);
    }
  }

  /// Whether the rows that wait make a batch.
  boolean isFull(Normalizer rows) {
    return rows.rows() >= batchRows || rows.bytes() >= batchBytes;
  }

  /// Whether nobody has to be asked while records are decoded: answers come one at a time.
  boolean asksNothing() {
    return contract.isEmpty()
        && !(normalizer.naming() instanceof Naming.OfCaller)
        && !normalizer.inference().preferredTypes();
  }

  /// Reads the options of a source, `docs/reference/options.md`.
  ///
  /// @param userAgent of requests whose headers name none
  public static SourcePlan parse(String json, String userAgent) {
    return new PlanReader(Options.parse(json), userAgent).read();
  }
}
