package dev.dltjava.replica;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What the replica knows of a player apart from the seed.
///
/// @param username as in paths: lower case
/// @param shownName as in games: with the player's own capitals
/// @param fullName the person's name, empty if not known
/// @param title the chess title, empty for players without one
/// @param country ISO 3166 code, two letters
record ChessPlayer(
    String username, String shownName, String fullName, String title, String country) {
  private static final Map<String, ChessPlayer> KNOWN =
      List.of(
              known("MagnusCarlsen", "Magnus Carlsen", "NO"),
              known("Hikaru", "Hikaru Nakamura", "US"),
              known("VincentKeymer", "Vincent Keymer", "DE"),
              known("DommarajuGukesh", "Gukesh Dommaraju", "IN"),
              known("rpragchess", "Praggnanandhaa Rameshbabu", "IN"),
              known("FabianoCaruana", "Fabiano Caruana", "US"),
              known("AnishGiri", "Anish Giri", "NL"),
              known("Firouzja2003", "Alireza Firouzja", "FR"),
              known("GMWSO", "Wesley So", "US"),
              known("Polish_fighter3000", "Jan-Krzysztof Duda", "PL"))
          .stream()
          .collect(Collectors.toUnmodifiableMap(ChessPlayer::username, Function.identity()));

  /// The players that exist unless the options name others, in this order.
  static final List<String> DEFAULT_NAMES =
      List.of(
          "magnuscarlsen",
          "hikaru",
          "vincentkeymer",
          "dommarajugukesh",
          "rpragchess",
          "fabianocaruana",
          "anishgiri",
          "firouzja2003",
          "gmwso",
          "polish_fighter3000");

  private static final List<String> COUNTRIES = List.of("NO", "US", "DE", "IN", "FR", "BR", "JP");

  private static ChessPlayer known(String shownName, String fullName, String country) {
    return new ChessPlayer(shownName.toLowerCase(Locale.ROOT), shownName, fullName, "GM", country);
  }

  static ChessPlayer named(String username) {
    ChessPlayer known = KNOWN.get(username);
    if (known != null) {
      return known;
    }
    Seeded random = Seeded.of(0, "player", username);
    String title = random.percent(70) ? "" : random.pick(List.of("FM", "IM", "WGM", "NM"));
    String fullName = random.percent(30) ? "" : "Zoë \"" + username + "\" Müller";
    return new ChessPlayer(username, username, fullName, title, random.pick(COUNTRIES));
  }

  /// Exactly `count` names: the given ones first, then generated ones.
  static List<String> names(List<String> first, int count) {
    Set<String> names = new LinkedHashSet<>(first);
    for (int i = 1; names.size() < count; i++) {
      names.add(String.format(Locale.ROOT, "player%05d", i));
    }
    return new ArrayList<>(names).subList(0, count);
  }
}
