package dev.dltjava.jmh;

import dev.dltjava.arrow.BatchMemory;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.RecordReader;
import dev.dltjava.limits.Limits;
import dev.dltjava.limits.MemoryBudget;
import dev.dltjava.normalize.ColumnOrder;
import dev.dltjava.normalize.Normalizer;
import dev.dltjava.normalize.NormalizerOptions;
import dev.dltjava.normalize.TableBatch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// JSON text in memory becomes Arrow columns, on HotSpot. One operation does what a source does
/// with one batch: a new cursor and normalizer, all documents, one batch a table, freed at once.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 2,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      // Arrow reads java.nio.Buffer.address and allocates through Unsafe.
      "--add-opens=java.base/java.nio=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow"
    })
@SuppressWarnings("NullAway.Init") // JMH sets the parameters and runs prepare()
public class DecodeBenchmark {
  static final String LOAD_ID = "1700000000.123456";

  @Param public DocumentKind documents;

  /// Whether rows get `_dlt_load_id` and `_dlt_id`.
  @Param({"false", "true"})
  public boolean dltColumns;

  private Documents input;
  private long inputBytes;
  private NormalizerOptions options;
  private MemoryBudget budget;

  /// Makes the documents.
  @Setup
  public void prepare() {
    input = documents.make();
    inputBytes = input.bytes();
    budget = new MemoryBudget(Limits.DEFAULT.memoryBytes());
    options =
        new NormalizerOptions(
            "records",
            Map.of(),
            dltColumns ? Optional.of(LOAD_ID) : Optional.empty(),
            NormalizerOptions.DEFAULT_NESTING,
            0,
            ColumnOrder.DOCUMENT,
            Limits.DEFAULT);
  }

  /// Returns the number of rows.
  @Benchmark
  public long decode(Volume volume) throws IOException {
    long rows = decode(_ -> {});
    volume.add(inputBytes, rows);
    return rows;
  }

  /// Decodes all documents once and shows each batch before it is freed.
  long decode(Consumer<TableBatch> observer) throws IOException {
    JsonCursor cursor = new JsonCursor(options.limits());
    long rows = 0;
    try (Normalizer normalizer = new Normalizer(options, expected -> new BatchMemory(budget))) {
      for (byte[] body : input.bodies()) {
        ByteArrayInputStream bytes = new ByteArrayInputStream(body);
        try (RecordReader reader = new RecordReader(cursor, bytes, input.records(), false)) {
          while (reader.next()) {
            normalizer.add(reader.cursor());
          }
        }
      }
      for (TableBatch batch : normalizer.finish()) {
        try (batch) {
          observer.accept(batch);
          rows += batch.rows();
        }
      }
    }
    return rows;
  }

  Documents input() {
    return input;
  }

  /// Column memory that is not freed yet, in bytes.
  long liveBytes() {
    return budget.liveBytes();
  }
}
