package dev.dltjava.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.jmh.ColumnTotals.Total;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The benchmark decodes every value of its documents.
final class DecodeBenchmarkTest {
  private static DecodeBenchmark benchmark(DocumentKind documents, boolean dltColumns) {
    DecodeBenchmark benchmark = new DecodeBenchmark();
    benchmark.documents = documents;
    benchmark.dltColumns = dltColumns;
    benchmark.prepare();
    return benchmark;
  }

  @ParameterizedTest
  @EnumSource
  void decodesEveryValue(DocumentKind documents) throws IOException {
    DecodeBenchmark benchmark = benchmark(documents, false);
    ColumnTotals expected = ColumnTotals.of(benchmark.input());
    ColumnTotals decoded = new ColumnTotals();

    long rows = benchmark.decode(decoded::add);

    assertThat(rows).isEqualTo(expected.rows()).isGreaterThan(1_000);
    assertThat(decoded.rows()).isEqualTo(rows);
    assertThat(benchmark.liveBytes()).isZero();
    assertThat(decoded.columns()).isEqualTo(expected.columns());
  }

  @ParameterizedTest
  @EnumSource
  void addsTheColumnsOfDltWhenTold(DocumentKind documents) throws IOException {
    DecodeBenchmark benchmark = benchmark(documents, true);
    ColumnTotals decoded = new ColumnTotals();

    long rows = benchmark.decode(decoded::add);

    ColumnTotals expected = ColumnTotals.of(benchmark.input());
    Total loadIds = decoded.take("_dlt_load_id");
    assertThat(loadIds.values()).isEqualTo(expected.records());
    assertThat(loadIds.textBytes())
        .isEqualTo(expected.records() * DecodeBenchmark.LOAD_ID.length());
    assertThat(decoded.take("_dlt_id").values()).isEqualTo(rows);
    if (rows > expected.records()) {
      long nested = rows - expected.records();
      assertThat(decoded.take("_dlt_parent_id").values()).isEqualTo(nested);
      assertThat(decoded.take("_dlt_list_idx").values()).isEqualTo(nested);
    }
    assertThat(decoded.columns()).isEqualTo(expected.columns());
  }

  @Test
  void reportsTheVolumeOfItsDocuments() throws IOException {
    DecodeBenchmark benchmark = benchmark(DocumentKind.NUMBERS, false);
    Volume volume = new Volume();

    assertThat(benchmark.decode(volume)).isEqualTo(10_000);
    assertThat(benchmark.decode(volume)).isEqualTo(10_000);

    assertThat(volume.rows).isEqualTo(20_000);
    assertThat(volume.megabytes).isEqualTo(2 * (benchmark.input().bytes() / 1e6));
  }
}
