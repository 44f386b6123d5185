package dev.dltjava.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Which benchmarks there are: each has a gate in this package.
final class BenchmarkListTest {
  @Test
  void knowsEveryBenchmark() {
    OutputFormat silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    assertThat(BenchmarkList.defaultList().getAll(silent, List.of()))
        .extracting(benchmark -> benchmark.getUsername().replace("dev.dltjava.jmh.", ""))
        .as("a new benchmark needs a gate, and then a line here")
        .containsExactlyInAnyOrder(
            "DecodeBenchmark.decode",
            "LibraryBenchmark.read",
            "LibraryCallBenchmark.callOfC",
            "LibraryCallBenchmark.nextWithoutBatch",
            "LibraryCallBenchmark.openAndClose");
  }
}
