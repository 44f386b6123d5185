package dev.dltjava.replica;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/// Writes text that looks like a game's PGN: headers with quotes, an empty line, moves with clocks.
/// The moves are no legal chess; nothing that reads the API's data checks that.
final class PgnText {
  private static final String FILES = "abcdefgh";
  private static final String RANKS = "12345678";

  private PgnText() {}

  static StringBuilder of(ChessGame game, Seeded random) {
    StringBuilder pgn = new StringBuilder(2600);
    String end = date(game.endTime());
    tag(pgn, "Event", game.isDaily() ? "Let's Play!" : "Live Chess");
    tag(pgn, "Site", "Chess.com");
    tag(pgn, "Date", date(game.startTime()));
    tag(pgn, "Round", "-");
    tag(pgn, "White", game.white().shownName());
    tag(pgn, "Black", game.black().shownName());
    tag(pgn, "Result", game.outcome().score());
    tag(pgn, "CurrentPosition", game.fen());
    tag(pgn, "Timezone", "UTC");
    tag(pgn, "ECO", game.opening().substring(0, 3));
    tag(pgn, "ECOUrl", game.ecoUrl());
    tag(pgn, "UTCDate", date(game.startTime()));
    tag(pgn, "UTCTime", time(game.startTime()));
    tag(pgn, "WhiteElo", Integer.toString(game.whiteRating()));
    tag(pgn, "BlackElo", Integer.toString(game.blackRating()));
    tag(pgn, "TimeControl", game.timeControl());
    tag(pgn, "Termination", termination(game));
    tag(pgn, "EndDate", end);
    tag(pgn, "EndTime", time(game.endTime()));
    tag(pgn, "Link", game.url());
    pgn.append('\n');
    moves(pgn, game.plies(), random);
    return pgn.append(game.outcome().score()).append('\n');
  }

  private static void tag(StringBuilder pgn, String name, String value) {
    pgn.append('[').append(name).append(" \"").append(value).append("\"]\n");
  }

  private static String termination(ChessGame game) {
    ChessGame.Outcome outcome = game.outcome();
    if (outcome.white().equals("win")) {
      return game.white().shownName() + " won by " + outcome.black();
    }
    if (outcome.black().equals("win")) {
      return game.black().shownName() + " won by " + outcome.white();
    }
    return "Game drawn by " + outcome.white();
  }

  private static void moves(StringBuilder pgn, int plies, Seeded random) {
    int tenths = 1799;
    for (int ply = 0; ply < plies; ply++) {
      pgn.append(ply / 2 + 1).append(ply % 2 == 0 ? ". " : "... ");
      move(pgn, ply, random);
      tenths = Math.max(1, tenths - random.below(60));
      pgn.append(" {[%clk 0:").append(digits(tenths / 600)).append(':');
      pgn.append(digits(tenths / 10 % 60)).append('.').append(tenths % 10).append("]} ");
    }
  }

  private static void move(StringBuilder pgn, int ply, Seeded random) {
    if (ply == 12 || ply == 15) {
      pgn.append("O-O");
      return;
    }
    char file = random.pick(FILES);
    if (random.percent(70)) {
      pgn.append(random.pick("NBRQK"));
    } else if (random.percent(25)) {
      pgn.append(random.pick(FILES)).append('x');
    }
    pgn.append(file).append(random.pick(RANKS));
    if (random.percent(6)) {
      pgn.append('+');
    }
  }

  private static String date(int epochSeconds) {
    ZonedDateTime utc = Instant.ofEpochSecond(epochSeconds).atZone(ZoneOffset.UTC);
    return utc.getYear() + "." + digits(utc.getMonthValue()) + '.' + digits(utc.getDayOfMonth());
  }

  private static String time(int epochSeconds) {
    int second = Math.floorMod(epochSeconds, 86400);
    return digits(second / 3600) + ':' + digits(second / 60 % 60) + ':' + digits(second % 60);
  }

  private static String digits(int number) {
    return number < 10 ? "0" + number : Integer.toString(number);
  }
}
