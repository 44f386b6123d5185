package dev.dltjava.jmh;

import dev.dltjava.json.RecordPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// What the documents of a benchmark hold. The bytes are the same in every run.
public enum DocumentKind {
  /// A year of one player's chess games: long texts, few numbers, two nested objects a record.
  GAMES,

  /// Measurements: integers, fractions and truth values, no text.
  NUMBERS;

  private static final int MEASUREMENT_DOCUMENTS = 20;
  private static final int MEASUREMENTS = 500;

  Documents make() {
    return switch (this) {
      case GAMES -> {
        try (GamesReplica replica = GamesReplica.start(1, false)) {
          yield replica.documents();
        }
      }
      case NUMBERS -> measurements();
    };
  }

  private static Documents measurements() {
    SplittableRandom random = new SplittableRandom(1);
    List<byte[]> bodies = new ArrayList<>();
    for (int document = 0; document < MEASUREMENT_DOCUMENTS; document++) {
      StringBuilder json = new StringBuilder("[");
      for (int i = 0; i < MEASUREMENTS; i++) {
        json.append(i == 0 ? "" : ",");
        appendMeasurement(json, random);
      }
      bodies.add(json.append(']').toString().getBytes(StandardCharsets.UTF_8));
    }
    return new Documents(RecordPath.ROOT, bodies);
  }

  private static void appendMeasurement(StringBuilder json, SplittableRandom random) {
    json.append("{\"id\":").append(random.nextLong(1L << 50));
    json.append(",\"station\":").append(random.nextInt(1_000));
    json.append(",\"valid\":").append(random.nextBoolean());
    json.append(",\"temperature\":").append(random.nextInt(-4_000, 4_000) / 100.0);
    json.append(",\"pressure\":").append(random.nextInt(95_000, 105_000) / 100.0);
    json.append(",\"humidity\":").append(random.nextInt(101));
    json.append(",\"place\":{\"latitude\":").append(random.nextInt(-90_000_000, 90_000_000) / 1e6);
    json.append(",\"longitude\":").append(random.nextInt(-180_000_000, 180_000_000) / 1e6);
    json.append(",\"height\":").append(random.nextInt(3_000));
    json.append("},\"wind\":{\"direction\":").append(random.nextInt(360));
    json.append(",\"speed\":").append(random.nextInt(4_000) / 100.0);
    json.append(",\"gust\":").append(random.nextInt(4_000) / 100.0);
    json.append("}}");
  }
}
