package dev.dltjava.replica;

/// The facts of one game from which its document and its PGN text are written.
///
/// @param number the game's number on the site
/// @param white who plays white
/// @param black who plays black
/// @param whiteRating rating of white after the game
/// @param blackRating rating of black after the game
/// @param outcome how it ended
/// @param timeControl seconds, as "180", "180+2" or "1/86400"
/// @param timeClass bullet, blitz, rapid or daily
/// @param endTime end, in epoch seconds
/// @param opening opening code and name, such as "B12 Caro-Kann-Defense"
/// @param fen the last position
/// @param plies half moves played
record ChessGame(
    long number,
    ChessPlayer white,
    ChessPlayer black,
    int whiteRating,
    int blackRating,
    Outcome outcome,
    String timeControl,
    String timeClass,
    int endTime,
    String opening,
    String fen,
    int plies) {
  /// How a game ended, seen from both sides.
  ///
  /// @param score as in PGN
  /// @param white the API's result code for white
  /// @param black the API's result code for black
  record Outcome(String score, String white, String black) {}

  boolean isDaily() {
    return timeClass.equals("daily");
  }

  String url() {
    return "https://www.chess.com/game/" + (isDaily() ? "daily/" : "live/") + number;
  }

  String ecoUrl() {
    return "https://www.chess.com/openings/" + opening.substring(opening.indexOf(' ') + 1);
  }

  /// Days for daily games, minutes for the others.
  int startTime() {
    return endTime - (isDaily() ? plies * 3600 : plies * 4);
  }
}
