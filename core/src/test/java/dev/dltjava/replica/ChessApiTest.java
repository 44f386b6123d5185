package dev.dltjava.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The documents: shapes as the real API, the same bytes from the same seed.
final class ChessApiTest {
  private static final String BASE = "http://127.0.0.1:1/pub/";
  private static final String JANUARY = "/pub/player/hikaru/games/2022/01";

  private static ChessApi api(ReplicaOptions options) {
    return new ChessApi(options, BASE);
  }

  private static Map<String, Object> document(ChessApi api, String path) {
    Response response = api.answer(path, false);
    assertThat(response.status()).isEqualTo(200);
    return ParsedJson.object(response.body());
  }

  @Test
  void sameSeedGivesSameBytesInAnyOrder() {
    ChessApi one = api(ReplicaOptions.DEFAULT);
    ChessApi other = api(ReplicaOptions.DEFAULT.withPlayerCount(50));
    List<String> paths =
        List.of(JANUARY, "/pub/player/hikaru", "/callback/user/popup/hikaru", "/pub/player/gmwso");
    List<byte[]> forwards = paths.stream().map(path -> one.answer(path, false).body()).toList();
    for (int i = paths.size() - 1; i >= 0; i--) {
      assertThat(other.answer(paths.get(i), false).body()).isEqualTo(forwards.get(i));
    }
  }

  @Test
  void bytesAreTheSameInEveryRelease() {
    // Benchmarks of different days compare only if the data stays: change this on purpose only.
    Response response = api(ReplicaOptions.DEFAULT.withGamesPerMonth(3)).answer(JANUARY, false);
    assertThat(Arrays.hashCode(response.body())).isEqualTo(1408104026);
  }

  @Test
  void otherSeedGivesOtherBytes() {
    byte[] one = api(ReplicaOptions.DEFAULT).answer(JANUARY, false).body();
    byte[] other = api(ReplicaOptions.DEFAULT.withSeed(2)).answer(JANUARY, false).body();
    assertThat(one).isNotEqualTo(other);
  }

  @Test
  void cacheThatHoldsNothingGivesTheSameBytes() {
    byte[] cached = api(ReplicaOptions.DEFAULT).answer(JANUARY, true).body();
    ChessApi forgetful = api(ReplicaOptions.DEFAULT.withCacheBytes(1));
    assertThat(forgetful.answer(JANUARY, true).body()).isEqualTo(cached);
    assertThat(forgetful.answer(JANUARY, true).body()).isEqualTo(cached);
  }

  @Test
  void profilesVaryInFieldsAndPlatforms() {
    ChessApi api = api(ReplicaOptions.DEFAULT.withPlayerCount(60));
    Set<String> always = new HashSet<>();
    Set<String> ever = new HashSet<>();
    Set<Integer> platforms = new HashSet<>();
    for (String player : ChessPlayer.names(ChessPlayer.DEFAULT_NAMES, 60)) {
      Map<String, Object> profile = document(api, "/pub/player/" + player);
      assertThat(profile).containsEntry("username", player);
      if (always.isEmpty()) {
        always.addAll(profile.keySet());
      }
      always.retainAll(profile.keySet());
      ever.addAll(profile.keySet());
      boolean listed = profile.containsKey("streaming_platforms");
      platforms.add(listed ? ParsedJson.objects(profile, "streaming_platforms").size() : -1);
    }
    assertThat(always)
        .contains("player_id", "@id", "url", "username", "followers", "country", "last_online")
        .contains("joined", "status", "is_streamer", "verified")
        .doesNotContain("avatar", "name", "title", "location", "league", "streaming_platforms");
    assertThat(ever).contains("avatar", "name", "title", "location", "league");
    assertThat(platforms).containsExactlyInAnyOrder(-1, 0, 1, 2);
  }

  @Test
  void archivesPointAtThisServer() {
    Map<String, Object> archives =
        document(api(ReplicaOptions.DEFAULT), "/pub/player/Hikaru/games/archives");
    assertThat((List<?>) archives.get("archives"))
        .hasSize(12)
        .first()
        .isEqualTo(BASE + "player/hikaru/games/2022/01");
  }

  @Test
  void monthHoldsGamesInTheOrderOfTime() {
    List<Map<String, Object>> games =
        ParsedJson.objects(document(api(ReplicaOptions.DEFAULT), JANUARY), "games");
    assertThat(games).hasSize(150);
    List<Long> ends = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Map<String, Object> game : games) {
      ends.add(Long.parseLong(text(game, "end_time")));
      names.addAll(game.keySet());
      assertThat(game)
          .containsKeys("url", "pgn", "time_control", "rated", "tcn", "uuid", "initial_setup")
          .containsKeys("fen", "time_class", "rules", "white", "black");
      assertThat(text(game, "pgn")).startsWith("[Event \"").contains("\n\n1. ");
      assertThat(text(game, "pgn").length()).isBetween(1000, 2500);
    }
    assertThat(ends).isSorted();
    assertThat(ends.getFirst()).isGreaterThanOrEqualTo(1640995200L);
    assertThat(ends.getLast()).isLessThan(1643673600L);
    assertThat(names).contains("accuracies", "eco", "tournament", "match", "start_time");
  }

  @Test
  void someAccuraciesAreAbsentAndSomeAreWhole() {
    List<Map<String, Object>> games =
        ParsedJson.objects(document(api(ReplicaOptions.DEFAULT), JANUARY), "games");
    List<String> accuracies = new ArrayList<>();
    for (Map<String, Object> game : games) {
      if (game.get("accuracies") instanceof Map<?, ?> both) {
        accuracies.add(String.valueOf(both.get("white")));
      }
    }
    assertThat(accuracies.size()).isBetween(30, 140);
    assertThat(accuracies).anyMatch(accuracy -> accuracy.contains("."));
    assertThat(accuracies).anyMatch(accuracy -> !accuracy.contains("."));
  }

  @Test
  void oneSideOfEveryGameIsThePlayer() {
    for (Map<String, Object> game :
        ParsedJson.objects(document(api(ReplicaOptions.DEFAULT), JANUARY), "games")) {
      Map<?, ?> white = (Map<?, ?>) game.getOrDefault("white", Map.of());
      Map<?, ?> black = (Map<?, ?>) game.getOrDefault("black", Map.of());
      assertThat(List.of(String.valueOf(white.get("username")), "" + black.get("username")))
          .containsOnlyOnce("Hikaru");
      assertThat(white.keySet().stream().map(String::valueOf))
          .containsExactly("rating", "result", "@id", "username", "uuid");
    }
  }

  @Test
  void popupHasStatusAndNestedFields() {
    Map<String, Object> popup = document(api(ReplicaOptions.DEFAULT), "/callback/user/popup/gmwso");
    assertThat(popup).containsKeys("onlineStatus", "lastLoginDate", "ratings", "activities");
    assertThat(popup.get("ratings")).isInstanceOf(Map.class);
  }

  @Test
  void unknownPlayerIsNotFound() {
    Response response =
        api(ReplicaOptions.DEFAULT).answer("/pub/player/nobody/games/2022/01", false);
    assertThat(response.status()).isEqualTo(404);
    assertThat(new String(response.body(), StandardCharsets.UTF_8))
        .isEqualTo("{\"code\":0,\"message\":\"User \\\"nobody\\\" not found.\"}");
  }

  @Test
  void missingArchivesAreNotFound() {
    ChessApi api =
        api(
            ReplicaOptions.DEFAULT
                .withMissingArchive("2022/02")
                .withMissingArchive("hikaru/2022/03"));
    assertThat(api.answer("/pub/player/gmwso/games/2022/02", false).status()).isEqualTo(404);
    assertThat(api.answer("/pub/player/hikaru/games/2022/03", false).status()).isEqualTo(404);
    assertThat(api.answer("/pub/player/gmwso/games/2022/03", false).status()).isEqualTo(200);
  }

  @Test
  void monthOutsideTheRangeIsEmpty() {
    ChessApi api =
        api(ReplicaOptions.DEFAULT.withMonths(YearMonth.of(2021, 12), YearMonth.of(2022, 2)));
    assertThat(ParsedJson.objects(document(api, JANUARY), "games")).hasSize(150);
    assertThat(document(api, "/pub/player/hikaru/games/2022/03")).containsEntry("games", List.of());
  }

  private static String text(Map<String, Object> object, String name) {
    return String.valueOf(object.get(name));
  }
}
