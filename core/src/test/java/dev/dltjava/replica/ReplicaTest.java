package dev.dltjava.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The server: connections, encodings, log, registered bodies and the control endpoint.
final class ReplicaTest {
  private final Replica replica = Replica.start(ReplicaOptions.DEFAULT);
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    client.close();
    replica.close();
  }

  @Test
  void keepsConnectionsAlive() {
    for (int i = 0; i < 5; i++) {
      HttpGet.bytes(client, replica.baseUrl() + "player/hikaru");
    }
    assertThat(replica.connections()).isEqualTo(1);
    assertThat(replica.log()).hasSize(5).allMatch(entry -> entry.connection() == 1);
  }

  @Test
  void compressesWhenAccepted() throws IOException {
    String url = replica.baseUrl() + "player/hikaru/games/2022/01";
    byte[] plain = HttpGet.bytes(client, url).body();
    HttpResponse<byte[]> encoded = gzipped(replica, url);
    assertThat(encoded.headers().firstValue("content-encoding")).contains("gzip");
    assertThat(encoded.body().length).isLessThan(plain.length / 2);
    try (GZIPInputStream body = new GZIPInputStream(new ByteArrayInputStream(encoded.body()))) {
      assertThat(body.readAllBytes()).isEqualTo(plain);
    }
  }

  @Test
  void compressesNothingWhenSwitchedOff() {
    try (Replica other = Replica.start(ReplicaOptions.DEFAULT.withGzip(false))) {
      HttpResponse<byte[]> response = gzipped(other, other.baseUrl() + "player/hikaru");
      assertThat(response.headers().firstValue("content-encoding")).isEmpty();
    }
  }

  private HttpResponse<byte[]> gzipped(Replica from, String url) {
    assertThat(url).startsWith(from.origin());
    return HttpGet.send(
        client, HttpRequest.newBuilder(URI.create(url)).header("Accept-Encoding", "gzip"));
  }

  @Test
  void answersUnknownPlayersWithJson() {
    HttpResponse<byte[]> response = HttpGet.bytes(client, replica.baseUrl() + "player/x");
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.headers().firstValue("content-type"))
        .contains("application/json; charset=utf-8");
    assertThat(ParsedJson.object(response.body()))
        .containsEntry("message", "User \"x\" not found.");
  }

  @Test
  void answersHeadWithoutBody() {
    HttpResponse<byte[]> response =
        HttpGet.send(
            client, HttpRequest.newBuilder(URI.create(replica.baseUrl() + "player/hikaru")).HEAD());
    assertThat(response.body()).isEmpty();
    assertThat(response.headers().firstValueAsLong("content-length").orElse(0)).isPositive();
  }

  @Test
  void waitsAsLongAsTheLatency() {
    try (Replica slow = Replica.start(ReplicaOptions.DEFAULT.withLatency(Duration.ofMillis(120)))) {
      long start = System.nanoTime();
      HttpGet.bytes(client, slow.baseUrl() + "player/hikaru");
      assertThat(System.nanoTime() - start).isGreaterThan(119_000_000L);
    }
  }

  @Test
  void warmReplicaAnswersTheSame() {
    try (Replica warm = Replica.start(ReplicaOptions.DEFAULT.withGamesPerMonth(2))) {
      String url = warm.baseUrl() + "player/gmwso/games/2022/12";
      byte[] cold = HttpGet.bytes(client, url).body();
      warm.warm();
      assertThat(HttpGet.bytes(client, url).body()).isEqualTo(cold);
      assertThat(warm.log()).hasSize(2);
    }
  }

  @Test
  void servesRegisteredBodiesByPathAndByQuery() {
    replica.serve("/x", "[1]");
    replica.serve("/x?page=2", Response.json(202, "[2]"));
    assertThat(HttpGet.text(client, replica.origin() + "/x?page=1")).isEqualTo("[1]");
    assertThat(HttpGet.bytes(client, replica.origin() + "/x?page=2").statusCode()).isEqualTo(202);
    assertThat(HttpGet.post(client, replica.origin() + "/x", "q").statusCode()).isEqualTo(200);
    assertThat(replica.log().getLast().request().body()).isEqualTo(new byte[] {'q'});
  }

  @Test
  void closedReplicaRefusesConnections() {
    String url = replica.baseUrl() + "player/hikaru";
    HttpGet.bytes(client, url);
    replica.close();
    assertThatThrownBy(() -> HttpGet.bytes(client, url)).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void controlAddsListsAndDropsFaults() {
    String faults = replica.origin() + "/control/faults";
    HttpResponse<byte[]> added =
        HttpGet.post(client, faults, "# a comment\n/x 2 status code=503\n\n/y always refuse\n");
    assertThat(new String(added.body(), StandardCharsets.UTF_8)).isEqualTo("added 2\n");
    assertThat(HttpGet.bytes(client, replica.origin() + "/x").statusCode()).isEqualTo(503);
    assertThat(HttpGet.text(client, faults).lines().toList())
        .containsExactly("/x 1 Status[code=503, headers=[]]", "/y always Refused[]");
    HttpGet.post(client, replica.origin() + "/control/reset", "");
    assertThat(HttpGet.text(client, faults)).isEmpty();
    assertThat(replica.log()).isEmpty();
  }

  @Test
  void controlSaysWhatIsWrongWithAFault() {
    HttpResponse<byte[]> response =
        HttpGet.post(client, replica.origin() + "/control/faults", "/x 1 reset before=3");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(new String(response.body(), StandardCharsets.UTF_8))
        .contains("before=3", "/x 1 reset");
  }

  @Test
  void controlRegistersBodiesWithHeaders() {
    HttpGet.post(
        client,
        replica.origin() + "/control/body?path=/x?page=1&status=201&header=Link:%20%3C/x%3E",
        "{\"a\":1}");
    HttpResponse<byte[]> response = HttpGet.bytes(client, replica.origin() + "/x?page=1");
    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.headers().firstValue("link")).contains("</x>");
    assertThat(ParsedJson.object(response.body())).containsEntry("a", "1");
  }

  @Test
  void controlShowsTheLogWithoutItself() {
    HttpGet.bytes(client, replica.baseUrl() + "player/hikaru?a=b");
    String log = HttpGet.text(client, replica.origin() + "/control/log");
    assertThat(log).matches("GET /pub/player/hikaru\\?a=b \\d+ 1\n");
    assertThat(HttpGet.text(client, replica.origin() + "/control/log?headers"))
        .contains("\tuser-agent: Java-http-client");
    assertThat(HttpGet.text(client, replica.origin() + "/control/most-open")).isEqualTo("1\n");
  }

  @Test
  void handsOutItsAddresses() {
    assertThat(replica.origin()).isEqualTo("http://127.0.0.1:" + replica.port());
    assertThat(List.of(replica.baseUrl(), replica.callbackUrl()))
        .containsExactly(replica.origin() + "/pub/", replica.origin() + "/callback/");
  }
}
