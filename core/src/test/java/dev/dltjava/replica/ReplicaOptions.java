package dev.dltjava.replica;

import java.nio.file.Path;
import java.time.Duration;
import java.time.YearMonth;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a replica serves and how. Start from [#DEFAULT] and change what matters.
///
/// @param port the port on 127.0.0.1, 0 for any free one
/// @param host the host name in the addresses that the replica hands out
/// @param latency how long every answer waits
/// @param gzip whether bodies are compressed for clients that accept it
/// @param tls the server's key, or null for plain HTTP
/// @param cacheBytes most bytes of generated bodies that are kept
/// @param data what is served
public record ReplicaOptions(
    int port,
    String host,
    Duration latency,
    boolean gzip,
    @Nullable Tls tls,
    long cacheBytes,
    Data data) {
  /// A key and its certificate chain.
  ///
  /// @param keyStore a PKCS12 file
  /// @param password of the file and of its key
  public record Tls(Path keyStore, String password) {}

  /// What is served.
  ///
  /// @param seed the same seed gives the same bytes, in every run and any order of requests
  /// @param players lower-case user names that exist
  /// @param firstMonth the first month that has games
  /// @param lastMonth the last month that has games
  /// @param gamesPerMonth exactly so many games has each player in each of the months
  /// @param missingArchives months that are listed but answer 404: `2022/03` for all players,
  ///   `hikaru/2022/03` for one
  public record Data(
      long seed,
      List<String> players,
      YearMonth firstMonth,
      YearMonth lastMonth,
      int gamesPerMonth,
      Set<String> missingArchives) {
    public Data {
      players = players.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
      missingArchives = Set.copyOf(missingArchives);
      if (gamesPerMonth < 0 || firstMonth.isAfter(lastMonth)) {
        throw new IllegalArgumentException("no negative count, no month range that ends early");
      }
    }
  }

  /// Ten players, 150 games a month in 2022, any port, gzip for those who ask, no latency; half of
  /// the heap may hold generated bodies.
  public static final ReplicaOptions DEFAULT =
      new ReplicaOptions(
          0,
          "127.0.0.1",
          Duration.ZERO,
          true,
          null,
          Runtime.getRuntime().maxMemory() / 2,
          new Data(
              1,
              ChessPlayer.DEFAULT_NAMES,
              YearMonth.of(2022, 1),
              YearMonth.of(2022, 12),
              150,
              Set.of()));

  public ReplicaOptions withPort(int other) {
    return new ReplicaOptions(other, host, latency, gzip, tls, cacheBytes, data);
  }

  public ReplicaOptions withHost(String other) {
    return new ReplicaOptions(port, other, latency, gzip, tls, cacheBytes, data);
  }

  public ReplicaOptions withLatency(Duration other) {
    return new ReplicaOptions(port, host, other, gzip, tls, cacheBytes, data);
  }

  public ReplicaOptions withGzip(boolean other) {
    return new ReplicaOptions(port, host, latency, other, tls, cacheBytes, data);
  }

  public ReplicaOptions withTls(Tls other) {
    return new ReplicaOptions(port, host, latency, gzip, other, cacheBytes, data);
  }

  public ReplicaOptions withCacheBytes(long other) {
    return new ReplicaOptions(port, host, latency, gzip, tls, other, data);
  }

  public ReplicaOptions withData(Data other) {
    return new ReplicaOptions(port, host, latency, gzip, tls, cacheBytes, other);
  }

  public ReplicaOptions withSeed(long seed) {
    return withData(
        new Data(
            seed,
            data.players,
            data.firstMonth,
            data.lastMonth,
            data.gamesPerMonth,
            data.missingArchives));
  }

  public ReplicaOptions withPlayers(List<String> players) {
    return withData(
        new Data(
            data.seed,
            players,
            data.firstMonth,
            data.lastMonth,
            data.gamesPerMonth,
            data.missingArchives));
  }

  /// Exactly `count` players: the first of the present ones, then generated ones.
  public ReplicaOptions withPlayerCount(int count) {
    return withPlayers(ChessPlayer.names(data.players, count));
  }

  public ReplicaOptions withMonths(YearMonth first, YearMonth last) {
    return withData(
        new Data(data.seed, data.players, first, last, data.gamesPerMonth, data.missingArchives));
  }

  public ReplicaOptions withGamesPerMonth(int count) {
    return withData(
        new Data(
            data.seed, data.players, data.firstMonth, data.lastMonth, count, data.missingArchives));
  }

  public ReplicaOptions withMissingArchive(String archive) {
    Set<String> missing = new HashSet<>(data.missingArchives);
    missing.add(archive);
    return withData(
        new Data(
            data.seed, data.players, data.firstMonth, data.lastMonth, data.gamesPerMonth, missing));
  }
}
