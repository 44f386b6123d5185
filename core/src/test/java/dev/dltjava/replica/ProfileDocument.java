package dev.dltjava.replica;

import java.util.List;

/// The documents about a player: the profile and the popup of the web site. As in the real API some
/// players lack some fields, and the list of streaming platforms is absent, empty or filled.
final class ProfileDocument {
  /// Every stream of times starts here: 2023-01-01T00:00:00Z, in epoch seconds.
  private static final int EPOCH_2023 = 1672531200;

  /// 2010-01-01T00:00:00Z, in epoch seconds.
  private static final int EPOCH_2010 = 1262304000;

  private static final int SECONDS_OF_YEAR = 31536000;

  /// One of them holds an escape, one holds UTF-8 beyond ASCII: both are valid JSON.
  private static final List<String> LOCATIONS =
      List.of("\"Oslo\"", "\"Z\\u00fcrich\"", "\"São Paulo\"", "\"Chennai, India\"", "\"東京\"");

  private static final List<String> LEAGUES = List.of("Champion", "Legend", "Elite", "Wood");

  private final long seed;

  ProfileDocument(long seed) {
    this.seed = seed;
  }

  byte[] profile(ChessPlayer player) {
    Seeded random = Seeded.of(seed, "profile", player.username());
    JsonText json = new JsonText(800).open('{');
    if (random.percent(75)) {
      json.member("avatar", avatar(random));
    }
    json.member("player_id", random.between(1_000_000, 300_000_000));
    json.member("@id", GamesDocument.API + player.username());
    json.member("url", "https://www.chess.com/member/" + player.shownName());
    if (!player.fullName().isEmpty()) {
      json.member("name", player.fullName());
    }
    json.member("username", player.username());
    if (!player.title().isEmpty()) {
      json.member("title", player.title());
    }
    json.member("followers", random.below(2_000_000));
    json.member("country", "https://api.chess.com/pub/country/" + player.country());
    if (random.percent(60)) {
      json.name("location").literal(random.pick(LOCATIONS));
    }
    json.member("last_online", EPOCH_2023 + random.below(SECONDS_OF_YEAR));
    json.member("joined", EPOCH_2010 + random.below(10 * SECONDS_OF_YEAR));
    json.member("status", random.pick(List.of("premium", "basic", "staff")));
    streaming(player, random, json);
    return json.close('}').utf8();
  }

  private static void streaming(ChessPlayer player, Seeded random, JsonText json) {
    // Hikaru streams with every seed, so that every demo has rows in the child table.
    boolean streams = player.username().equals("hikaru") || random.percent(30);
    json.member("is_streamer", streams);
    if (streams) {
      json.member("twitch_url", "https://twitch.tv/" + player.username());
    }
    json.member("verified", random.percent(20));
    if (random.percent(80)) {
      json.member("league", random.pick(LEAGUES));
    }
    if (!streams && random.percent(40)) {
      return;
    }
    json.name("streaming_platforms").open('[');
    if (streams) {
      platform(json, "twitch", "https://twitch.tv/" + player.username());
      if (player.username().equals("hikaru") || random.percent(50)) {
        platform(json, "youtube", "https://www.youtube.com/c/" + player.shownName());
      }
    }
    json.close(']');
  }

  private static void platform(JsonText json, String type, String channel) {
    json.open('{').member("type", type).member("channel_url", channel).close('}');
  }

  byte[] popup(ChessPlayer player) {
    Seeded random = Seeded.of(seed, "popup", player.username());
    JsonText json = new JsonText(900).open('{');
    json.member("userId", random.between(1_000_000, 300_000_000));
    json.member("uuid", random.uuid());
    json.member("username", player.shownName());
    json.member("avatarUrl", avatar(random));
    json.member("onlineStatus", random.pick(List.of("online", "offline", "live")));
    json.member("lastLoginDate", EPOCH_2023 + random.below(SECONDS_OF_YEAR));
    json.member("memberSince", EPOCH_2010 + random.below(10 * SECONDS_OF_YEAR));
    json.member("isFriend", false);
    json.name("chessTitle");
    if (player.title().isEmpty()) {
      json.literal("null");
    } else {
      json.value(player.title());
    }
    json.name("country").open('{').member("code", player.country());
    json.member("id", random.between(1, 250)).close('}');
    json.name("ratings").open('{');
    for (String kind : List.of("bullet", "blitz", "rapid")) {
      json.name(kind).open('{').member("rating", random.between(2500, 3300));
      json.member("best", random.between(3300, 3400)).close('}');
    }
    json.close('}');
    json.name("flair").open('{').member("code", random.pick(List.of("diamond", "none")));
    json.name("images").open('{').member("png", avatar(random)).close('}').close('}');
    json.name("activities").open('[');
    for (int i = random.below(3); i > 0; i--) {
      json.open('{').member("type", random.pick(List.of("game", "lesson", "puzzle")));
      json.member("at", EPOCH_2023 + random.below(SECONDS_OF_YEAR)).close('}');
    }
    return json.close(']').close('}').utf8();
  }

  private static String avatar(Seeded random) {
    return "https://images.chesscomfiles.com/uploads/v1/user/"
        + random.between(1_000_000, 99_999_999)
        + "."
        + random.hex(8)
        + ".200x200o."
        + random.hex(12)
        + ".jpeg";
  }
}
