package dev.dltjava.jmh;

import dev.dltjava.jmh.abi.ArrowArray;
import dev.dltjava.jmh.abi.dlt_java_h;
import dev.dltjava.jmh.abi.dltj_batch;
import java.lang.foreign.MemorySegment;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The built library reads an API over loopback: one operation opens a source, takes and releases
/// all its batches, and closes it. The API's replica runs in this process and shares its cores.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@SuppressWarnings("NullAway.Init") // JMH sets the parameter and runs start()
public class LibraryBenchmark {
  static final String TABLE = "players_games";
  static final String LOAD_ID = "1700000000.123456";

  /// With 12 months of 150 games each, three batches of the default size.
  private static final int PLAYERS = 4;

  private static final long TIMEOUT_MILLISECONDS = 60_000;

  /// Whether the replica compresses its answers.
  @Param({"false", "true"})
  public boolean gzip;

  private GamesReplica replica;
  private long inputBytes;
  private Library library;
  private MemorySegment options;

  /// Starts the replica and loads the library.
  @Setup
  public void start() {
    library = Library.load();
    replica = GamesReplica.start(PLAYERS, gzip);
    inputBytes = replica.documents().bytes();
    options = library.options(replica.sourceOptions(TABLE, LOAD_ID));
  }

  /// Stops the replica.
  @TearDown
  public void stop() {
    replica.close();
  }

  /// Returns the number of rows.
  @Benchmark
  public long read(Volume volume) {
    long rows = read(_ -> {});
    volume.add(inputBytes, rows);
    return rows;
  }

  /// Reads the source once and shows each `dltj_batch` before it is released.
  long read(Consumer<MemorySegment> observer) {
    MemorySegment source = library.open(options);
    try {
      long rows = 0;
      while (true) {
        int status = library.next(source, TIMEOUT_MILLISECONDS);
        if (status == dlt_java_h.DLTJ_END()) {
          return rows;
        }
        if (status == dlt_java_h.DLTJ_PENDING()) {
          throw new IllegalStateException("no batch in " + TIMEOUT_MILLISECONDS + " ms");
        }
        rows += ArrowArray.length(dltj_batch.array(library.batch()));
        observer.accept(library.batch());
        library.releaseBatch();
      }
    } finally {
      library.close(source);
    }
  }

  Documents input() {
    return replica.documents();
  }
}
