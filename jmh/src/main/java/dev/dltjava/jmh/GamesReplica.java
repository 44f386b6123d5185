package dev.dltjava.jmh;

import dev.dltjava.json.RecordPath;
import dev.dltjava.replica.Replica;
import dev.dltjava.replica.ReplicaOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A replica of the API in this process that holds a year of games of some players, generated
/// before they are asked for.
final class GamesReplica implements AutoCloseable {
  private static final int MONTHS = 12;

  private final Replica replica;
  private final List<String> archives;

  private GamesReplica(Replica replica, List<String> archives) {
    this.replica = replica;
    this.archives = archives;
  }

  /// @param gzip whether bodies are compressed for clients that accept it
  static GamesReplica start(int players, boolean gzip) {
    ReplicaOptions options = ReplicaOptions.DEFAULT.withPlayerCount(players).withGzip(gzip);
    Replica replica = Replica.start(options);
    replica.warm();
    List<String> archives = new ArrayList<>();
    for (String player : options.data().players()) {
      for (int month = 1; month <= MONTHS; month++) {
        archives.add("%splayer/%s/games/2022/%02d".formatted(replica.baseUrl(), player, month));
      }
    }
    return new GamesReplica(replica, archives);
  }

  /// The options of a source that reads all games, as JSON text.
  String sourceOptions(String table, String loadId) {
    String requests =
        archives.stream()
            .map(url -> "{\"url\":\"" + url + "\"}")
            .collect(Collectors.joining(",", "[", "]"));
    return """
        {"requests":%s,"record_path":["games"],"table":"%s","load_id":"%s"}"""
        .formatted(requests, table, loadId);
  }

  /// All archives, fetched without compression.
  Documents documents() {
    List<byte[]> bodies = new ArrayList<>();
    for (String url : archives) {
      try (InputStream body = URI.create(url).toURL().openStream()) {
        bodies.add(body.readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException("the replica does not serve " + url, e);
      }
    }
    return new Documents(new RecordPath(List.of("games"), false), bodies);
  }

  @Override
  public void close() {
    replica.close();
  }
}
