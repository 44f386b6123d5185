package dev.dltjava.pipeline;

import dev.dltjava.contract.RecordContract;
import dev.dltjava.http.HttpOptions;
import dev.dltjava.http.Proxies;
import dev.dltjava.json.Projection;
import dev.dltjava.json.RecordPath;
import dev.dltjava.limits.Limits;
import dev.dltjava.naming.Naming;
import dev.dltjava.normalize.ColumnOrder;
import dev.dltjava.normalize.Inference;
import dev.dltjava.normalize.NormalizerOptions;
import dev.dltjava.normalize.RowIdentity;
import dev.dltjava.normalize.RowTemplate;
import dev.dltjava.schema.ColumnType;
import dev.dltjava.schema.DataType;
import dev.dltjava.schema.KnownTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Turns options into a plan; the defaults stand here and in `docs/reference/options.md`.
final class PlanReader {
  private static final int DEFAULT_CONCURRENCY = 20;
  private static final int DEFAULT_BATCH_ROWS = 10_000;
  private static final long DEFAULT_BATCH_BYTES = 16L << 20;

  /// A fraction of a millisecond of decoding: handing it to another thread takes a hundredth.
  private static final int DEFAULT_SEGMENT_BYTES = 256 << 10;

  /// Each holds a stack and a batch.
  private static final int MOST_DECODER_THREADS = 1024;

  /// Who makes names, if no built-in convention does.
  private static final String CALLER = "caller";

  /// Some 30 MB of the heap, if all URLs are long.
  private static final int LONGEST_REQUEST_LOG = 10_000;

  private static final double LONGEST_SECONDS = 86_400;

  private final Options options;
  private final String userAgent;

  PlanReader(Options options, String userAgent) {
    this.options = options;
    this.userAgent = userAgent;
  }

  SourcePlan read() {
    Limits limits = limits();
    int concurrency = (int) options.integer("concurrency", DEFAULT_CONCURRENCY, 1, 10_000);
    RecordPath records = records();
    SourcePlan plan =
        new SourcePlan(
            input(limits, records, concurrency),
            !options.has("requests"),
            records,
            new TransformationsReader(options).read(),
            template(),
            normalizer(limits),
            contract(),
            http(limits, concurrency),
            (int) options.integer("batch_rows", DEFAULT_BATCH_ROWS, 1, 10_000_000),
            options.integer("batch_bytes", DEFAULT_BATCH_BYTES, 1, 1L << 30),
            decoderThreads(),
            (int) options.integer("segment_bytes", DEFAULT_SEGMENT_BYTES, 1, 1 << 30),
            (int) options.integer("request_log", 0, 0, LONGEST_REQUEST_LOG));
    options.refuseUnknown();
    return plan;
  }

  private OptionalInt decoderThreads() {
    int threads = (int) options.integer("decoder_threads", 0, 0, MOST_DECODER_THREADS);
    return threads == 0 ? OptionalInt.empty() : OptionalInt.of(threads);
  }

  private SourcePlan.Input input(Limits limits, RecordPath records, int concurrency) {
    Optional<String> file = options.optionalText("file");
    boolean pieces = options.flag("pieces");
    boolean pushed = options.flag("pushed") || pieces;
    boolean lent = options.flag("lent");
    int inputs = (options.has("requests") ? 1 : 0) + (file.isPresent() ? 1 : 0) + (pushed ? 1 : 0);
    if (inputs != 1) {
      throw options.refuse("requests", "is required, or one of file, pushed and pieces instead");
    }
    // Read for any input, so that a wrong value is refused and a right one is known.
    SourcePlan.Requests requests = new RequestsReader(options, limits).read(records, concurrency);
    if (pushed) {
      return new SourcePlan.Pushed(pieces, lent);
    }
    return file.isPresent() ? new SourcePlan.TextFile(Path.of(file.get())) : requests;
  }

  private RecordPath records() {
    RecordPath.Missing missing =
        switch (options.choice("missing_records", List.of("error", "ignore", "empty"))) {
          case "ignore" -> RecordPath.Missing.IGNORED;
          case "empty" -> RecordPath.Missing.EMPTY;
          default -> RecordPath.Missing.REFUSED;
        };
    return new RecordPath(options.texts("record_path"), missing);
  }

  private Optional<RecordContract> contract() {
    if (!options.has("contract")) {
      return Optional.empty();
    }
    if (options.has("record")) {
      throw options.refuse("contract", "needs whole records, 'record' takes parts of them");
    }
    return Optional.of(new ContractReader(options.object("contract")).read());
  }

  private Optional<RowTemplate> template() {
    if (!options.has("record")) {
      return Optional.empty();
    }
    List<RowTemplate.Entry> entries = new ArrayList<>();
    for (Options entry : options.objects("record")) {
      entries.add(entry(entry));
      entry.refuseUnknown();
    }
    return Optional.of(new RowTemplate(entries));
  }

  private static RowTemplate.Entry entry(Options entry) {
    String name = entry.text("name");
    Optional<String> field = entry.optionalText("field");
    Optional<String> constant = entry.optionalText("constant");
    boolean receivedAt = entry.flag("received_at");
    int sources =
        (field.isPresent() ? 1 : 0) + (constant.isPresent() ? 1 : 0) + (receivedAt ? 1 : 0);
    if (sources != 1) {
      throw entry.refuse("name", "expected one of field, constant and received_at beside it");
    }
    if (receivedAt) {
      return new RowTemplate.Entry.ReceivedAt(name);
    }
    return field.isPresent()
        ? new RowTemplate.Entry.Field(name, field.get())
        : new RowTemplate.Entry.Constant(name, constant.orElseThrow());
  }

  private NormalizerOptions normalizer(Limits limits) {
    String order = options.choice("column_order", List.of("document", "scalars_first"));
    int standardNesting = NormalizerOptions.DEFAULT_NESTING;
    return new NormalizerOptions(
        options.text("table"),
        knownTables(),
        options.optionalText("load_id"),
        (int) options.integer("max_table_nesting", standardNesting, 0, standardNesting),
        (int) options.integer("maximum_identifier_length", 0, 8, 1 << 20),
        order.equals("document") ? ColumnOrder.DOCUMENT : ColumnOrder.SCALARS_FIRST,
        identity(),
        naming(),
        inference(),
        projection(),
        limits);
  }

  private Naming naming() {
    List<String> names =
        new ArrayList<>(
            Arrays.stream(Naming.BuiltIn.values()).map(Naming.BuiltIn::dltName).toList());
    names.add(CALLER);
    int index = names.indexOf(options.choice("naming", names));
    Optional<String> separator = options.optionalText("path_separator");
    if (index < Naming.BuiltIn.values().length) {
      return Naming.BuiltIn.values()[index];
    }
    return new Naming.OfCaller(
        separator.orElseThrow(
            () -> options.refuse("path_separator", "is required when the caller makes names")));
  }

  private Inference inference() {
    boolean isoTimestamps = options.choice("timestamps", List.of("iso", "none")).equals("iso");
    // Only what a contract lets pass has marks.
    return new Inference(isoTimestamps, options.flag("preferred_types"), options.has("contract"));
  }

  private Projection projection() {
    return Projection.of(options.lists("projection"));
  }

  private RowIdentity identity() {
    List<String> key = options.texts("primary_key");
    RowIdentity.Kind kind =
        switch (options.choice("row_id", List.of("random", "key_hash", "row_hash"))) {
          case "key_hash" -> RowIdentity.Kind.KEY_HASH;
          case "row_hash" -> RowIdentity.Kind.ROW_HASH;
          default -> RowIdentity.Kind.RANDOM;
        };
    if (kind == RowIdentity.Kind.KEY_HASH && key.isEmpty()) {
      throw options.refuse("primary_key", "is required for key_hash");
    }
    if (kind == RowIdentity.Kind.ROW_HASH && options.has("record")) {
      throw options.refuse("row_id", "row_hash needs whole records, 'record' takes parts of them");
    }
    return new RowIdentity(kind, key, options.flag("root_id"));
  }

  private Map<String, KnownTable> knownTables() {
    Map<String, KnownTable> known = new HashMap<>();
    Options tables = options.object("tables");
    for (String name : tables.keys()) {
      Options table = tables.object(name);
      Options columns = table.object("columns");
      Map<String, ColumnType> types = new HashMap<>();
      for (String column : columns.keys()) {
        Options hints = columns.object(column);
        types.put(column, columnType(hints));
        hints.refuseUnknown();
      }
      table.refuseUnknown();
      known.put(name, new KnownTable(types));
    }
    return known;
  }

  private static ColumnType columnType(Options hints) {
    String name = hints.text("data_type");
    ColumnType standard =
        DataType.ofDltName(name)
            .map(ColumnType::of)
            .orElseThrow(() -> hints.refuse("data_type", "no type of dlt: '" + name + "'"));
    // dlt's schemas give a precision to other types too, which says nothing about their values.
    int widest = ColumnType.MAXIMUM_PRECISION;
    long precision = hints.integer("precision", standard.precision(), 0, Integer.MAX_VALUE);
    long scale = hints.integer("scale", Math.min(standard.scale(), precision), 0, widest);
    return switch (standard.dataType()) {
      case DECIMAL, WEI -> {
        if (precision < 1 || precision > widest || scale > precision) {
          throw hints.refuse(
              "precision", "expected an integer from 1 to " + widest + ", not below the scale");
        }
        yield new ColumnType(standard.dataType(), (int) precision, (int) scale);
      }
      case TEXT, DOUBLE, BOOL, TIMESTAMP, BIGINT, BINARY, JSON, DATE, TIME -> standard;
    };
  }

  private HttpOptions http(Limits limits, int concurrency) {
    HttpOptions standard = HttpOptions.DEFAULT;
    double timeout =
        options.number("timeout_seconds", standard.timeout().toSeconds(), 0.001, LONGEST_SECONDS);
    // Who waits longer than that for a single byte wants to.
    double response = Math.max(standard.maximumResponse().toSeconds(), timeout);
    double retryDelay = standard.maximumRetryDelay().toSeconds();
    return new HttpOptions(
        seconds(timeout),
        (int) options.integer("max_attempts", standard.maximumAttempts(), 1, 1_000),
        options.number("backoff_factor", standard.backoffFactor(), 0, LONGEST_SECONDS),
        seconds(options.number("max_retry_delay_seconds", retryDelay, 0, LONGEST_SECONDS)),
        options.optionalText("ca_file").map(Path::of).orElse(null),
        (int) options.integer("max_concurrency", concurrency, 1, 10_000),
        options.optionalText("user_agent").orElse(userAgent),
        limits,
        options.has("requests_per_second")
            ? options.number("requests_per_second", 0, HttpOptions.SLOWEST, HttpOptions.FASTEST)
            : 0,
        proxies(),
        seconds(options.number("max_response_seconds", response, 0.001, LONGEST_SECONDS)));
  }

  private Proxies proxies() {
    Options urls = options.object("proxies");
    String exceptions = options.optionalText("no_proxy").orElse("");
    Proxies proxies = Proxies.of(urls.optionalText("http"), urls.optionalText("https"), exceptions);
    urls.refuseUnknown();
    return proxies;
  }

  private static Duration seconds(double seconds) {
    return Duration.ofNanos((long) (seconds * 1e9));
  }

  private Limits limits() {
    Limits standard = Limits.DEFAULT;
    return new Limits(
        options.integer("max_body_bytes", standard.bodyBytes(), 1, 1L << 40),
        (int) options.integer("max_nesting_depth", standard.nestingDepth(), 1, 2_000),
        (int) options.integer("max_string_bytes", standard.stringBytes(), 1, 1L << 29),
        (int) options.integer("max_columns", standard.columns(), 1, 100_000),
        (int) options.integer("max_tables", standard.tables(), 1, 100_000),
        options.integer("memory_limit_bytes", standard.memoryBytes(), 1, 1L << 50));
  }
}
