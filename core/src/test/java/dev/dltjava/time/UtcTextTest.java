package dev.dltjava.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UtcTextTest {
  private static long micros(String text) {
    byte[] utf8 = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
    return UtcText.micros(utf8, 1, utf8.length - 1);
  }

  private static long reference(String text) {
    Instant instant = Instant.parse(text);
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }

  @Test
  void readsEveryDayAsTheJdkDoes() {
    for (LocalDate day = LocalDate.of(1, 1, 1); day.getYear() < 2_500; day = day.plusDays(1)) {
      String text = day + "T00:00:00Z";
      assertThat(micros(text)).as(text).isEqualTo(reference(text));
    }
  }

  @Test
  void readsTimesAndFractionsAsTheJdkDoes() {
    Random random = new Random(3);
    for (int i = 0; i < 10_000; i++) {
      String fraction = i % 7 == 0 ? "" : "." + ("" + (1_000_000 + i)).substring(7 - i % 7);
      String text =
          "%04d-%02d-%02dT%02d:%02d:%02d%sZ"
              .formatted(
                  1 + random.nextInt(9_999),
                  1 + random.nextInt(12),
                  1 + random.nextInt(28),
                  random.nextInt(24),
                  random.nextInt(60),
                  random.nextInt(60),
                  fraction);
      assertThat(micros(text)).as(text).isEqualTo(reference(text));
    }
  }

  @Test
  void knowsTheDaysOfMonths() {
    for (int year : new int[] {1900, 2000, 2023, 2024}) {
      for (int month = 1; month <= 12; month++) {
        int days = LocalDate.of(year, month, 1).lengthOfMonth();
        String first = "%04d-%02d-".formatted(year, month);
        assertThat(micros(first + days + "T00:00:00Z")).isNotEqualTo(UtcText.NONE);
        assertThat(micros(first + (days + 1) + "T00:00:00Z")).isEqualTo(UtcText.NONE);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "2024-05-01T23:15:07",
        "2024-05-01T23:15:0Z",
        "2024-05-01 23:15:07Z",
        "2024-05-01T23:15:07z",
        "2024-05-01T24:00:00Z",
        "2024-05-01T23:60:00Z",
        "2024-05-01T23:15:60Z",
        "2024-00-01T23:15:07Z",
        "2024-13-01T23:15:07Z",
        "2024-05-00T23:15:07Z",
        "0000-05-01T23:15:07Z",
        "2o24-05-01T23:15:07Z",
        "202/-05-01T23:15:07Z",
        "2024-:5-01T23:15:07Z",
        "2024-05-01T23:15:-7Z",
        "2024-05-01T23:15:07.Z",
        "2024-05-01T23:15:07,5Z",
        "2024-05-01T23:15:07.12x4Z",
        "2024-05-01T23:15:07.1234567Z",
        "2024-05-01T23:15:07+00Z",
        "2024-05-01T23:15:07éZ",
      })
  void leavesEverythingElseToOthers(String text) {
    assertThat(micros(text)).isEqualTo(UtcText.NONE);
  }
}
