package dev.dltjava.normalize;

import dev.dltjava.arrow.BatchMemory;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.RecordPath;
import dev.dltjava.json.RecordReader;
import dev.dltjava.limits.Limits;
import dev.dltjava.limits.MemoryBudget;
import dev.dltjava.naming.Naming;
import dev.dltjava.schema.KnownTable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Normalizes documents for tests, and reads the batches back as Java values.
final class Tables {
  static final NormalizerOptions PLAIN =
      new NormalizerOptions(
          "t",
          Map.of(),
          Optional.empty(),
          NormalizerOptions.DEFAULT_NESTING,
          0,
          ColumnOrder.DOCUMENT,
          Limits.DEFAULT);

  /// Column name to values, in the order of the table.
  record Table(@Nullable String parent, Map<String, List<@Nullable Object>> columns) {
    List<String> names() {
      return List.copyOf(columns.keySet());
    }

    List<@Nullable Object> column(String name) {
      List<@Nullable Object> values = columns.get(name);
      if (values == null) {
        throw new AssertionError("no column " + name + " in " + names());
      }
      return values;
    }
  }

  /// The tables of a batch, in the order of their delivery.
  record TableSet(Map<String, Table> tables) {
    List<String> names() {
      return List.copyOf(tables.keySet());
    }

    Table get(String name) {
      Table table = tables.get(name);
      if (table == null) {
        throw new AssertionError("no table " + name + " in " + names());
      }
      return table;
    }
  }

  private Tables() {}

  /// Options that are those of others but for what a test sets.
  private static final class Changed {
    private final NormalizerOptions options;
    private Map<String, KnownTable> known;
    private Optional<String> loadId;
    private int nesting;
    private ColumnOrder order;
    private RowIdentity identity;
    private Naming naming;
    private Inference inference;
    private Limits limits;

    Changed(NormalizerOptions options) {
      this.options = options;
      known = options.known();
      loadId = options.loadId();
      nesting = options.maximumNesting();
      order = options.columnOrder();
      identity = options.identity();
      naming = options.naming();
      inference = options.inference();
      limits = options.limits();
    }

    NormalizerOptions options() {
      return new NormalizerOptions(
          options.table(),
          known,
          loadId,
          nesting,
          options.maximumIdentifierLength(),
          order,
          identity,
          naming,
          inference,
          options.projection(),
          limits);
    }
  }

  private static NormalizerOptions changed(NormalizerOptions options, Consumer<Changed> change) {
    Changed changed = new Changed(options);
    change.accept(changed);
    return changed.options();
  }

  static NormalizerOptions withLoadId(NormalizerOptions options, String loadId) {
    return changed(options, changed -> changed.loadId = Optional.of(loadId));
  }

  static NormalizerOptions withIdentity(NormalizerOptions options, RowIdentity identity) {
    return changed(options, changed -> changed.identity = identity);
  }

  static NormalizerOptions withNaming(NormalizerOptions options, Naming naming) {
    return changed(options, changed -> changed.naming = naming);
  }

  static NormalizerOptions withInference(NormalizerOptions options, Inference inference) {
    return changed(options, changed -> changed.inference = inference);
  }

  static NormalizerOptions withNesting(NormalizerOptions options, int nesting) {
    return changed(options, changed -> changed.nesting = nesting);
  }

  static NormalizerOptions withOrder(NormalizerOptions options, ColumnOrder order) {
    return changed(options, changed -> changed.order = order);
  }

  static NormalizerOptions withKnown(NormalizerOptions options, Map<String, KnownTable> known) {
    return changed(options, changed -> changed.known = known);
  }

  static NormalizerOptions withLimits(NormalizerOptions options, Limits limits) {
    return changed(options, changed -> changed.limits = limits);
  }

  /// The tables of one batch that holds all records of the documents.
  static TableSet normalize(NormalizerOptions options, String... documents) {
    return normalize(options, Optional.empty(), RecordContext.NONE, documents);
  }

  /// As [#normalize(NormalizerOptions, String...)], of documents that may be no text.
  static TableSet normalize(NormalizerOptions options, byte[]... documents) {
    return normalize(options, Optional.empty(), RecordContext.NONE, documents);
  }

  static TableSet normalize(
      NormalizerOptions options,
      Optional<RowTemplate> template,
      RecordContext context,
      String... documents) {
    byte[][] encoded =
        Arrays.stream(documents)
            .map(document -> document.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    return normalize(options, template, context, encoded);
  }

  private static TableSet normalize(
      NormalizerOptions options,
      Optional<RowTemplate> template,
      RecordContext context,
      byte[]... documents) {
    MemoryBudget budget = new MemoryBudget(Limits.DEFAULT.memoryBytes());
    JsonCursor cursor = new JsonCursor(options.limits());
    Map<String, Table> tables = new LinkedHashMap<>();
    try (Normalizer normalizer = new Normalizer(options, expected -> new BatchMemory(budget))) {
      for (byte[] document : documents) {
        ByteArrayInputStream body = new ByteArrayInputStream(document);
        try (RecordReader reader = new RecordReader(cursor, body, RecordPath.ROOT, false)) {
          read(reader, normalizer, template, context);
        }
      }
      for (TableBatch batch : normalizer.finish()) {
        try (batch) {
          tables.put(batch.table(), read(batch));
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    if (budget.liveBytes() != 0) {
      throw new AssertionError(budget.liveBytes() + " bytes leaked");
    }
    return new TableSet(tables);
  }

  private static void read(
      RecordReader reader,
      Normalizer normalizer,
      Optional<RowTemplate> template,
      RecordContext context) {
    while (reader.next()) {
      if (template.isPresent()) {
        normalizer.add(reader.cursor(), template.get(), context);
      } else {
        normalizer.add(reader.cursor());
      }
    }
  }

  private static Table read(TableBatch batch) {
    Map<String, List<@Nullable Object>> columns = new LinkedHashMap<>();
    for (FieldVector vector : batch.columns()) {
      List<@Nullable Object> values = new ArrayList<>();
      for (int row = 0; row < batch.rows(); row++) {
        Object value = vector.getObject(row);
        values.add(
            value instanceof org.apache.arrow.vector.util.Text text ? text.toString() : value);
      }
      columns.put(vector.getName(), values);
    }
    return new Table(batch.parent().orElse(null), columns);
  }
}
