package dev.dltjava.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.jmh.abi.dlt_java_h;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The calls do what their costs are reported for.
final class LibraryCallBenchmarkTest {
  private final LibraryCallBenchmark benchmark = new LibraryCallBenchmark();

  @BeforeEach
  void start() {
    benchmark.start();
  }

  @AfterEach
  void stop() {
    benchmark.stop();
    assertThat(dlt_java_h.dltj_live_exports()).isZero();
  }

  @Test
  void callsC() {
    assertThat(benchmark.callOfC()).isEqualTo(dlt_java_h.DLTJ_ABI_VERSION());
  }

  @Test
  void findsNoBatchAgainAndAgain() {
    assertThat(benchmark.nextWithoutBatch()).isEqualTo(dlt_java_h.DLTJ_PENDING());
    assertThat(benchmark.nextWithoutBatch()).isEqualTo(dlt_java_h.DLTJ_PENDING());
  }

  @Test
  void opensAndClosesASource() {
    assertThat(benchmark.openAndClose()).isNotEqualTo(MemorySegment.NULL);
    assertThat(benchmark.openAndClose()).isNotEqualTo(MemorySegment.NULL);
  }
}
