package dev.dltjava.replica;

import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;

/// The documents about a player's games: the list of archives and one month's archive. As in the
/// real API some games lack accuracies, some accuracies are whole numbers, and only some games have
/// a start time, a tournament or a match.
final class GamesDocument {
  static final String API = "https://api.chess.com/pub/player/";

  private static final String FIRST_POSITION =
      "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1";

  private static final List<String> OPENINGS =
      List.of(
          "B12 Caro-Kann-Defense-Advance-Variation",
          "C42 Petrovs-Defense-Classical-Attack-3...d6",
          "C65 Ruy-Lopez-Opening-Berlin-Defense-4.d3",
          "A06 Reti-Opening-1...d5-2.b3",
          "B90 Sicilian-Defense-Open-Najdorf-Variation",
          "D37 Queens-Gambit-Declined-Three-Knights",
          "E60 Kings-Indian-Defense-3.Nf3-Bg7",
          "A40 Queens-Pawn-Opening-Modern-Defense");

  private static final List<String> LIVE_CONTROLS =
      List.of("60", "60+1", "120+1", "180", "180", "180", "180+1", "300", "600", "900+10");

  private static final List<String> LOSSES =
      List.of("resigned", "checkmated", "timeout", "abandoned");

  private static final List<String> DRAWS =
      List.of("repetition", "agreed", "stalemate", "insufficient", "50move", "timevsinsufficient");

  /// The 64 squares of the site's own move notation, and its promotions.
  private static final String TCN =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!?{~}(^)[_]@#$,./&-*++=";

  private final long seed;
  private final int gamesPerMonth;

  GamesDocument(long seed, int gamesPerMonth) {
    this.seed = seed;
    this.gamesPerMonth = gamesPerMonth;
  }

  static byte[] archives(List<String> urls) {
    JsonText json = new JsonText(80 * urls.size() + 20).open('{').name("archives").open('[');
    for (String url : urls) {
      json.value(url);
    }
    return json.close(']').close('}').utf8();
  }

  byte[] month(ChessPlayer player, YearMonth month) {
    Seeded random = Seeded.of(seed, "games", player.username(), month.toString());
    JsonText json = new JsonText(3300 * gamesPerMonth + 20).open('{').name("games").open('[');
    int start = (int) month.atDay(1).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
    int seconds = month.lengthOfMonth() * 86400;
    for (int i = 0; i < gamesPerMonth; i++) {
      // Each game ends in its own slice of the month, so that the list is in the order of time.
      long from = (long) seconds * i / gamesPerMonth;
      long to = (long) seconds * (i + 1) / gamesPerMonth;
      int end = start + (int) from + random.below((int) Math.max(1, to - from));
      game(json, facts(player, end, random), random);
    }
    return json.close(']').close('}').utf8();
  }

  private static ChessGame facts(ChessPlayer player, int endTime, Seeded random) {
    String known = random.pick(ChessPlayer.DEFAULT_NAMES);
    String unknown = "opponent_" + random.below(5000);
    boolean meetsKnown = random.percent(40) && !known.equals(player.username());
    ChessPlayer opponent = ChessPlayer.named(meetsKnown ? known : unknown);
    boolean isWhite = random.percent(50);
    boolean daily = random.percent(4);
    String control = daily ? "1/86400" : random.pick(LIVE_CONTROLS);
    return new ChessGame(
        random.between(20_000_000, 1_000_000_000),
        isWhite ? player : opponent,
        isWhite ? opponent : player,
        random.between(2300, 3300),
        random.between(2300, 3300),
        outcome(random),
        control,
        daily ? "daily" : timeClass(control),
        endTime,
        random.pick(OPENINGS),
        position(random),
        random.between(20, 62));
  }

  private static ChessGame.Outcome outcome(Seeded random) {
    if (random.percent(14)) {
      String draw = random.pick(DRAWS);
      return new ChessGame.Outcome("1/2-1/2", draw, draw);
    }
    String loss = random.pick(LOSSES);
    return random.percent(52)
        ? new ChessGame.Outcome("1-0", "win", loss)
        : new ChessGame.Outcome("0-1", loss, "win");
  }

  private static String timeClass(String control) {
    int seconds = Integer.parseInt(control.split("\\+", -1)[0]);
    return seconds < 180 ? "bullet" : seconds < 600 ? "blitz" : "rapid";
  }

  private static String position(Seeded random) {
    StringBuilder fen = new StringBuilder(60);
    for (int rank = 0; rank < 8; rank++) {
      if (rank > 0) {
        fen.append('/');
      }
      int before = random.between(1, 6);
      fen.append(before).append(random.pick("pnbrqkPNBRQK"));
      if (before < 7) {
        fen.append(7 - before);
      }
    }
    fen.append(random.percent(50) ? " w - - " : " b - - ");
    return fen.append(random.below(9)).append(' ').append(random.between(20, 70)).toString();
  }

  private void game(JsonText json, ChessGame game, Seeded random) {
    boolean standard = random.percent(97);
    json.open('{').member("url", game.url());
    json.member("pgn", PgnText.of(game, random));
    json.member("time_control", game.timeControl());
    json.member("end_time", game.endTime());
    json.member("rated", random.percent(96));
    if (random.percent(55)) {
      json.name("accuracies").open('{');
      json.name("white").literal(accuracy(random));
      json.name("black").literal(accuracy(random)).close('}');
    }
    json.member("tcn", tcn(game.plies(), random));
    json.member("uuid", random.uuid());
    json.member("initial_setup", standard ? FIRST_POSITION : position(random));
    json.member("fen", game.fen());
    if (game.isDaily()) {
      json.member("start_time", game.startTime());
    }
    json.member("time_class", game.timeClass());
    json.member("rules", standard ? "chess" : "chess960");
    side(json.name("white"), game.white(), game.whiteRating(), game.outcome().white());
    side(json.name("black"), game.black(), game.blackRating(), game.outcome().black());
    if (standard) {
      json.member("eco", game.ecoUrl());
    }
    if (random.percent(12)) {
      String tournament = "titled-tuesday-blitz-" + random.between(1_000_000, 4_000_000);
      json.member("tournament", "https://api.chess.com/pub/tournament/" + tournament);
    } else if (random.percent(3)) {
      json.member("match", "https://api.chess.com/pub/match/" + random.between(1000, 900_000));
    }
    json.close('}');
  }

  private void side(JsonText json, ChessPlayer player, int rating, String result) {
    json.open('{').member("rating", rating).member("result", result);
    json.member("@id", API + player.username()).member("username", player.shownName());
    json.member("uuid", Seeded.of(seed, "uuid", player.username()).uuid()).close('}');
  }

  /// A percentage with at most two places: every tenth is a whole number and has no point.
  private static String accuracy(Seeded random) {
    int whole = random.between(55, 99);
    if (random.percent(10)) {
      return Integer.toString(whole);
    }
    int hundredths = random.between(1, 99);
    if (hundredths % 10 == 0) {
      return whole + "." + hundredths / 10;
    }
    return whole + (hundredths < 10 ? ".0" : ".") + hundredths;
  }

  private static CharSequence tcn(int plies, Seeded random) {
    StringBuilder text = new StringBuilder(2 * plies);
    for (int i = 0; i < 2 * plies; i++) {
      text.append(random.pick(TCN));
    }
    return text;
  }
}
