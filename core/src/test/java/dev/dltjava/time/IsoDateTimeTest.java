package dev.dltjava.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is and what is not a date-time was observed in dlt.
final class IsoDateTimeTest {
  private final IsoDateTime isoDateTime = new IsoDateTime();

  /// What stands before and behind the text must not matter.
  private boolean parseDateTime(String text) {
    byte[] utf8 = ("12" + text + "0Z").getBytes(StandardCharsets.UTF_8);
    return isoDateTime.parseDateTime(utf8, 2, utf8.length - 2);
  }

  @ParameterizedTest
  @CsvSource({
    "2024-01-01 10:00,2024-01-01T10:00:00Z",
    "2024-01-01T10:00,2024-01-01T10:00:00Z",
    "2024-01-01T10:00:00+02:00,2024-01-01T08:00:00Z",
    "2024-01-01T10:00:00+0200,2024-01-01T08:00:00Z",
    "2024-01-01T10:00:00+02,2024-01-01T08:00:00Z",
    "2024-01-01T10:00:00-00:00,2024-01-01T10:00:00Z",
    "2024-01-01T10:00:00Z,2024-01-01T10:00:00Z",
    "20240101T100000,2024-01-01T10:00:00Z",
    "2024-W01-1T10:00,2024-01-01T10:00:00Z",
    "2024-001T10,2024-01-01T10:00:00Z",
    "2024/01/15 10:00,2024-01-15T10:00:00Z",
    "2024-01-01T10:00:00.123456789Z,2024-01-01T10:00:00.123456Z",
    "1969-12-31T23:59:59.5Z,1969-12-31T23:59:59.500Z",
    "0001-01-01T00:00:00,0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z,9999-12-31T23:59:59.999999Z",
    "2024-02-29T00:00:00Z,2024-02-29T00:00:00Z",
  })
  void readsWhatDltTakesForADateTime(String text, Instant expected) {
    assertThat(parseDateTime(text)).isTrue();
    assertThat(Instant.EPOCH.plus(isoDateTime.micros(), ChronoUnit.MICROS)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2024",
        "2024-01-01",
        "10:00",
        "P1D",
        "2024T10:00",
        "2024-01-01t10:00",
        "2024-01-01T24:00:00",
        " 2024-01-01T10:00",
        "2024-01-01T10:00:00 Z",
        "2024-01-01T10:00:60",
        "2024-1-01T10:00",
        "2024-01-01T1:00",
        "2023-02-29T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-01-01T10:00:00Zx",
        "hello world",
        "2024-01-01T10:00:00.Z",
      })
  void leavesOtherTextAlone(String text) {
    assertThat(parseDateTime(text)).isFalse();
  }

  @Test
  void takesADateAloneForItsMidnightWhenAsked() {
    byte[] dates = "2024-01-15x".getBytes(StandardCharsets.UTF_8);
    assertThat(isoDateTime.parseDateTimeOrDate(dates, 0, 10)).isTrue();
    assertThat(isoDateTime.micros())
        .isEqualTo(Instant.parse("2024-01-15T00:00:00Z").getEpochSecond() * 1_000_000);
    assertThat(isoDateTime.parseDateTimeOrDate(dates, 0, 11)).isFalse();
  }
}
