package dev.dltjava.jmh;

import dev.dltjava.json.RecordPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;

/// What the documents of a benchmark hold. The bytes are the same in every run.
public enum DocumentKind {
  /// A year of one player's chess games: long texts, few numbers, two nested objects a record.
  GAMES,

  /// Measurements: integers, fractions and truth values, no text.
  NUMBERS,

  /// Public events of a code host: many short fields, nested objects, a list of objects a record.
  EVENTS,

  /// Grids: numbers in lists in lists, four deep.
  LISTS;

  private static final int MEASUREMENT_DOCUMENTS = 20;
  private static final int MEASUREMENTS = 500;
  private static final int EVENT_DOCUMENTS = 20;
  private static final int EVENTS_PER_DOCUMENT = 100;
  private static final int GRID_DOCUMENTS = 10;
  private static final int GRIDS = 50;
  private static final int GRID_EDGE = 5;

  Documents make() {
    return switch (this) {
      case GAMES -> {
        try (GamesReplica replica = GamesReplica.start(1, false)) {
          yield replica.documents();
        }
      }
      case NUMBERS ->
          documents(MEASUREMENT_DOCUMENTS, MEASUREMENTS, DocumentKind::appendMeasurement);
      case EVENTS -> documents(EVENT_DOCUMENTS, EVENTS_PER_DOCUMENT, DocumentKind::appendEvent);
      case LISTS -> documents(GRID_DOCUMENTS, GRIDS, DocumentKind::appendGrid);
    };
  }

  private static Documents documents(
      int count, int records, BiConsumer<StringBuilder, SplittableRandom> record) {
    SplittableRandom random = new SplittableRandom(1);
    List<byte[]> bodies = new ArrayList<>();
    for (int document = 0; document < count; document++) {
      StringBuilder json = new StringBuilder("[");
      for (int i = 0; i < records; i++) {
        json.append(i == 0 ? "" : ",");
        record.accept(json, random);
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

  private static void appendEvent(StringBuilder json, SplittableRandom random) {
    int actor = random.nextInt(100_000_000);
    int repository = random.nextInt(500_000_000);
    String name = "owner" + actor % 1_000 + "/repository-" + repository % 10_000;
    json.append("{\"id\":\"").append(20_000_000_000L + random.nextInt(1_000_000_000));
    json.append("\",\"type\":\"PushEvent\",\"actor\":{\"id\":").append(actor);
    json.append(",\"login\":\"user").append(actor % 10_000);
    json.append("\",\"display_login\":\"user").append(actor % 10_000);
    json.append("\",\"gravatar_id\":\"\",\"url\":\"https://api.example.com/users/user");
    json.append(actor % 10_000).append("\",\"avatar_url\":\"https://avatars.example.com/u/");
    json.append(actor).append("?\"},\"repo\":{\"id\":").append(repository);
    json.append(",\"name\":\"").append(name);
    json.append("\",\"url\":\"https://api.example.com/repos/").append(name);
    json.append("\"},\"payload\":{\"push_id\":").append(random.nextInt(Integer.MAX_VALUE));
    int commits = 1 + random.nextInt(3);
    json.append(",\"size\":").append(commits).append(",\"distinct_size\":").append(commits);
    json.append(",\"ref\":\"refs/heads/main\",\"head\":\"");
    appendHash(json, random);
    json.append("\",\"before\":\"");
    appendHash(json, random);
    json.append("\",\"commits\":[");
    for (int i = 0; i < commits; i++) {
      json.append(i == 0 ? "" : ",").append("{\"sha\":\"");
      appendHash(json, random);
      json.append("\",\"author\":{\"email\":\"user").append(actor % 10_000);
      json.append("@example.com\",\"name\":\"Ana Müller\"},\"message\":\"Fix the build\\n\\n#");
      json.append(random.nextInt(10_000)).append("\",\"distinct\":").append(random.nextBoolean());
      json.append('}');
    }
    json.append("]},\"public\":true,\"created_at\":\"2022-06-");
    json.append(10 + random.nextInt(20)).append('T').append(10 + random.nextInt(14));
    json.append(':').append(10 + random.nextInt(50)).append(":28Z\"}");
  }

  private static void appendHash(StringBuilder json, SplittableRandom random) {
    for (int i = 0; i < 40; i++) {
      json.append(Character.forDigit(random.nextInt(16), 16));
    }
  }

  private static void appendGrid(StringBuilder json, SplittableRandom random) {
    json.append("{\"id\":").append(random.nextInt(1_000_000)).append(",\"grid\":");
    appendAxis(json, random, 4);
    json.append('}');
  }

  private static void appendAxis(StringBuilder json, SplittableRandom random, int axes) {
    if (axes == 0) {
      json.append(random.nextInt(-100_000, 100_000) / 1_000.0);
      return;
    }
    json.append('[');
    for (int i = 0; i < GRID_EDGE; i++) {
      json.append(i == 0 ? "" : ",");
      appendAxis(json, random, axes - 1);
    }
    json.append(']');
  }
}
