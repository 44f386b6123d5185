package dev.dltjava.replica;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Answers the paths of the chess.com API. Safe for many threads.
final class ChessApi {
  private static final Pattern PROFILE = Pattern.compile("/pub/player/([^/]+)");
  private static final Pattern ARCHIVES = Pattern.compile("/pub/player/([^/]+)/games/archives");
  private static final Pattern MONTH =
      Pattern.compile("/pub/player/([^/]+)/games/(\\d{4})/(0[1-9]|1[0-2])");
  private static final Pattern POPUP = Pattern.compile("/callback/user/popup/([^/]+)");

  private final ReplicaOptions.Data data;
  private final String baseUrl;
  private final ProfileDocument profiles;
  private final GamesDocument games;
  private final Set<String> players;
  private final ResponseCache cache;

  /// @param baseUrl what the addresses of archives start with, with a slash at its end
  ChessApi(ReplicaOptions options, String baseUrl) {
    data = options.data();
    this.baseUrl = baseUrl;
    profiles = new ProfileDocument(data.seed());
    games = new GamesDocument(data.seed(), data.gamesPerMonth());
    players = new HashSet<>(data.players());
    cache = new ResponseCache(options.cacheBytes());
  }

  /// The answer to GET of a path, from the cache if it is there.
  Response answer(String path, boolean gzip) {
    String key = gzip ? "gzip " + path : path;
    Response cached = cache.get(key);
    if (cached != null) {
      return cached;
    }
    Response response = gzip ? generate(path).gzipped() : generate(path);
    cache.put(key, response);
    return response;
  }

  /// The paths of all archives of all players.
  List<String> archivePaths() {
    List<String> paths = new ArrayList<>();
    for (String player : data.players()) {
      for (String month : months()) {
        paths.add("/pub/player/" + player + "/games/" + month);
      }
    }
    return paths;
  }

  private Response generate(String path) {
    Matcher profile = PROFILE.matcher(path);
    if (profile.matches()) {
      return forPlayer(profile, player -> Response.json(200, profiles.profile(player)));
    }
    Matcher archives = ARCHIVES.matcher(path);
    if (archives.matches()) {
      return forPlayer(archives, this::archives);
    }
    Matcher month = MONTH.matcher(path);
    if (month.matches()) {
      return forPlayer(month, player -> month(player, month.group(2) + "/" + month.group(3)));
    }
    Matcher popup = POPUP.matcher(path);
    if (popup.matches()) {
      return forPlayer(popup, player -> Response.json(200, profiles.popup(player)));
    }
    return notFound("Data provider not found for key \"" + path + "\".");
  }

  private interface PlayerAnswer {
    Response of(ChessPlayer player);
  }

  private Response forPlayer(Matcher path, PlayerAnswer answer) {
    String asked = decoded(path.group(1));
    String username = asked == null ? "" : asked.toLowerCase(Locale.ROOT);
    if (!players.contains(username)) {
      return notFound("User \"" + (asked == null ? path.group(1) : asked) + "\" not found.");
    }
    return answer.of(ChessPlayer.named(username));
  }

  private static @Nullable String decoded(String part) {
    try {
      return URLDecoder.decode(part, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notPercentEncoded) {
      return null;
    }
  }

  private Response archives(ChessPlayer player) {
    List<String> urls =
        months().stream()
            .map(month -> baseUrl + "player/" + player.username() + "/games/" + month)
            .toList();
    return Response.json(200, GamesDocument.archives(urls));
  }

  private Response month(ChessPlayer player, String month) {
    if (data.missingArchives().contains(month)
        || data.missingArchives().contains(player.username() + "/" + month)) {
      return notFound("Archive \"" + month + "\" not found.");
    }
    if (!months().contains(month)) {
      // As the real API: a month without games is empty, not missing.
      return Response.json(200, "{\"games\":[]}");
    }
    return Response.json(200, games.month(player, YearMonth.parse(month.replace('/', '-'))));
  }

  private List<String> months() {
    List<String> months = new ArrayList<>();
    YearMonth month = data.firstMonth();
    while (!month.isAfter(data.lastMonth())) {
      months.add(month.toString().replace('-', '/'));
      month = month.plusMonths(1);
    }
    return months;
  }

  private static Response notFound(String message) {
    JsonText json = new JsonText(80).open('{').member("code", 0).member("message", message);
    return Response.json(404, json.close('}').utf8());
  }
}
