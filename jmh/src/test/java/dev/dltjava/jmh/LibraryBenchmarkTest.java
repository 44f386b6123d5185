package dev.dltjava.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.jmh.ColumnTotals.Total;
import dev.dltjava.jmh.abi.dlt_java_h;
import dev.dltjava.jmh.abi.dltj_batch;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The benchmark takes every value of the replica's documents out of the built library. Without the
/// library this fails: a benchmark that measures nothing must not pass.
final class LibraryBenchmarkTest {
  private static final int GAMES = 4 * 12 * 150;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void takesEveryValueAndReleasesEveryBatch(boolean gzip) {
    LibraryBenchmark benchmark = new LibraryBenchmark();
    benchmark.gzip = gzip;
    benchmark.start();
    try {
      ColumnTotals expected = ColumnTotals.of(benchmark.input());
      ColumnTotals taken = new ColumnTotals();
      Set<String> tables = new HashSet<>();

      long rows =
          benchmark.read(
              batch -> {
                assertThat(dltj_batch.parent_table(batch)).isEqualTo(MemorySegment.NULL);
                tables.add(dltj_batch.table(batch).getString(0));
                taken.addExported(batch);
              });

      assertThat(rows).isEqualTo(GAMES).isEqualTo(taken.rows()).isEqualTo(expected.rows());
      assertThat(tables).containsExactly(LibraryBenchmark.TABLE);
      Total loadIds = taken.take("_dlt_load_id");
      assertThat(loadIds.values()).isEqualTo(rows);
      assertThat(loadIds.textBytes()).isEqualTo(rows * LibraryBenchmark.LOAD_ID.length());
      assertThat(taken.take("_dlt_id").values()).isEqualTo(rows);
      assertThat(taken.columns()).isEqualTo(expected.columns());
      assertThat(dlt_java_h.dltj_live_exports()).isZero();
    } finally {
      benchmark.stop();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reportsTheVolumeBeforeCompression(boolean gzip) {
    LibraryBenchmark benchmark = new LibraryBenchmark();
    benchmark.gzip = gzip;
    benchmark.start();
    try {
      Volume volume = new Volume();

      assertThat(benchmark.read(volume)).isEqualTo(GAMES);

      assertThat(volume.rows).isEqualTo(GAMES);
      assertThat(volume.megabytes).isEqualTo(benchmark.input().bytes() / 1e6);
      assertThat(dlt_java_h.dltj_live_exports()).isZero();
    } finally {
      benchmark.stop();
    }
  }
}
