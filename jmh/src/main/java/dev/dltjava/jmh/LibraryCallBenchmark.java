package dev.dltjava.jmh;

import dev.dltjava.jmh.abi.dlt_java_h;
import dev.dltjava.replica.Replica;
import dev.dltjava.replica.ReplicaOptions;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What a call into the built library costs, without any data.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@SuppressWarnings("NullAway.Init") // JMH runs start()
public class LibraryCallBenchmark {
  private Replica replica;
  private Library library;
  private MemorySegment emptyPlan;
  private MemorySegment stalledSource;

  /// Opens a source whose only request is never answered.
  @Setup
  public void start() {
    library = Library.load();
    replica = Replica.start(ReplicaOptions.DEFAULT);
    replica.faults("* always stall");
    stalledSource =
        library.open(
            library.options(
                """
                {"requests":[{"url":"%s/"}],"table":"t","timeout_seconds":86400}"""
                    .formatted(replica.origin())));
    emptyPlan =
        library.options(
            """
            {"requests":[],"table":"t"}""");
  }

  /// Closes the source.
  @TearDown
  public void stop() {
    library.close(stalledSource);
    replica.close();
  }

  /// A call that stays in C: what the JVM's own side of any call costs.
  @Benchmark
  public int callOfC() {
    return dlt_java_h.dltj_abi_version();
  }

  /// A call that enters the image and finds no batch.
  @Benchmark
  public int nextWithoutBatch() {
    return library.next(stalledSource, 0);
  }

  /// A source without requests, opened and closed: its HTTP client and its thread come and go.
  @Benchmark
  public MemorySegment openAndClose() {
    MemorySegment source = library.open(emptyPlan);
    library.close(source);
    return source;
  }
}
