package dev.dltjava.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Every fault does on the wire what its documentation says.
final class FaultTest {
  private static final String PATH = "/pub/player/hikaru/games/2022/01";

  private final Replica replica =
      Replica.start(ReplicaOptions.DEFAULT.withGamesPerMonth(20).withGzip(false));
  private byte[] right = {};

  @BeforeEach
  void learnTheRightAnswer() {
    try (HttpClient client = HttpClient.newHttpClient()) {
      right = HttpGet.bytes(client, replica.origin() + PATH).body();
    }
  }

  @AfterEach
  void stop() {
    replica.close();
  }

  private record Exchange(String head, byte[] body, RawConnection.End end) {}

  private Exchange exchange() throws IOException {
    try (RawConnection connection = new RawConnection(replica)) {
      connection.get(PATH);
      RawConnection.End end = connection.readAll();
      return new Exchange(connection.head(), connection.body(), end);
    }
  }

  private Exchange with(String fault) throws IOException {
    replica.faults(PATH + " 1 " + fault);
    return exchange();
  }

  private String rightLength() {
    return "\r\nContent-Length: " + right.length + "\r\n";
  }

  private byte[] rightHalf() {
    return Arrays.copyOf(right, right.length / 2);
  }

  @Test
  void statusComesWithHeadersAndErrorBody() throws IOException {
    Exchange exchange = with("status code=429 retry-after=1 header=X-A:%20b");
    assertThat(exchange.head())
        .startsWith("HTTP/1.1 429 Too Many Requests\r\n")
        .contains("\r\nRetry-After: 1\r\n", "\r\nX-A: b\r\n");
    assertThat(ParsedJson.object(exchange.body())).containsEntry("code", "0");
    assertThat(exchange.end()).isEqualTo(RawConnection.End.SILENT);
  }

  @Test
  void shortLengthAnnouncesLessThanIsSent() throws IOException {
    try (RawConnection connection = new RawConnection(replica)) {
      replica.faults(PATH + " 1 short-length bytes=7");
      connection.get(PATH);

      assertThat(connection.readAll()).isEqualTo(RawConnection.End.CLOSED);
      assertThat(connection.head()).contains("\r\nContent-Length: " + (right.length - 7) + "\r\n");
      assertThat(connection.body()).isEqualTo(right);
    }
  }

  @Test
  void countEndsAndNextRuleFollows() throws IOException {
    replica.faults(PATH + " 2 status code=500\n/pub/* 1 none\n* always status code=503");
    assertThat(List.of(status(), status(), status(), status(), status()))
        .containsExactly("500", "500", "200", "503", "503");
  }

  private String status() throws IOException {
    return exchange().head().substring(9, 12);
  }

  @Test
  void patternWithQueryComparesTheQuery() throws IOException {
    replica.faults(PATH + "?page=* always status code=500");
    assertThat(status()).isEqualTo("200");
    replica.faults(PATH + "* always status code=501");
    assertThat(status()).isEqualTo("501");
  }

  @Test
  void refuseClosesBeforeAnyByte() throws IOException {
    Exchange exchange = with("refuse");
    assertThat(exchange.head()).isEmpty();
    assertThat(exchange.end()).isEqualTo(RawConnection.End.CLOSED);
  }

  @Test
  void resetSendsRstInTheBody() throws IOException {
    Exchange exchange = with("reset after=1000");
    assertThat(exchange.head()).contains(rightLength());
    assertThat(exchange.body()).isEqualTo(Arrays.copyOf(right, 1000));
    assertThat(exchange.end()).isEqualTo(RawConnection.End.RESET);
  }

  @Test
  void cutClosesInTheBody() throws IOException {
    Exchange exchange = with("cut");
    assertThat(exchange.head()).contains(rightLength());
    assertThat(exchange.body()).isEqualTo(rightHalf());
    assertThat(exchange.end()).isEqualTo(RawConnection.End.CLOSED);
  }

  @Test
  void slowHeadersDrip() throws IOException {
    long start = System.nanoTime();
    Exchange exchange = with("slow-headers piece=10 millis=15");
    assertThat(exchange.body()).isEqualTo(right);
    int pieces = (exchange.head().length() + 9) / 10;
    assertThat(System.nanoTime() - start).isGreaterThan(pieces * 15_000_000L);
  }

  @Test
  void slowBodyDrips() throws IOException {
    long start = System.nanoTime();
    int piece = right.length / 8 + 1;
    Exchange exchange = with("slow-body piece=" + piece + " millis=20");
    assertThat(exchange.body()).isEqualTo(right);
    assertThat(System.nanoTime() - start).isGreaterThan(8 * 20_000_000L);
  }

  @Test
  void delayWaits() throws IOException {
    long start = System.nanoTime();
    assertThat(with("delay millis=100").body()).isEqualTo(right);
    assertThat(System.nanoTime() - start).isGreaterThan(100_000_000L);
  }

  @Test
  void stallIsSilentUntilReleased() throws IOException {
    replica.faults(PATH + " 1 stall");
    try (RawConnection connection = new RawConnection(replica)) {
      connection.get(PATH);
      assertThat(connection.readAll()).isEqualTo(RawConnection.End.SILENT);
      assertThat(connection.received()).isEmpty();
      replica.release();
      assertThat(connection.readAll()).isEqualTo(RawConnection.End.SILENT);
      assertThat(connection.body()).isEqualTo(right);
    }
  }

  @Test
  void stallCanComeAfterHeadersOrInTheBody() throws IOException {
    Exchange afterHeaders = with("stall at=headers");
    assertThat(afterHeaders.head()).endsWith("\r\n\r\n");
    assertThat(afterHeaders.body()).isEmpty();
    assertThat(with("stall at=body").body()).isEqualTo(rightHalf());
  }

  @Test
  void stalledConnectionEndsWithTheReplica() throws IOException {
    replica.faults(PATH + " 1 stall");
    try (RawConnection connection = new RawConnection(replica)) {
      connection.get(PATH);
      assertThat(connection.readAll()).isEqualTo(RawConnection.End.SILENT);
      replica.close();
      assertThat(connection.readAll()).isNotEqualTo(RawConnection.End.SILENT);
    }
  }

  @Test
  void htmlIsNoJson() throws IOException {
    Exchange exchange = with("html");
    assertThat(exchange.head()).startsWith("HTTP/1.1 200 ").contains("text/html");
    assertThat(new String(exchange.body(), StandardCharsets.UTF_8)).startsWith("<!DOCTYPE html>");
  }

  @Test
  void invalidUtf8ChangesOneByte() throws IOException {
    byte[] body = with("invalid-utf8").body();
    assertThat(body).hasSameSizeAs(right);
    int at = Arrays.mismatch(body, right);
    assertThat(body[at]).isEqualTo((byte) 0xFF);
    assertThat(Arrays.mismatch(tail(body, at + 1), tail(right, at + 1))).isNegative();
    assertThatThrownBy(() -> StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)))
        .isInstanceOf(CharacterCodingException.class);
  }

  private static byte[] tail(byte[] bytes, int from) {
    return Arrays.copyOfRange(bytes, from, bytes.length);
  }

  @Test
  void truncateAnnouncesWhatItSends() throws IOException {
    Exchange exchange = with("truncate bytes=700");
    assertThat(exchange.head()).contains("\r\nContent-Length: 700\r\n");
    assertThat(exchange.body()).isEqualTo(Arrays.copyOf(right, 700));
    assertThat(exchange.end()).isEqualTo(RawConnection.End.SILENT);
  }

  @Test
  void wrongTypePutsANumberInPlace() throws IOException {
    assertThat(ParsedJson.value(with("wrong-type depth=0").body())).isEqualTo("42");
    assertThat(ParsedJson.object(with("wrong-type").body())).containsEntry("games", "42");
    Object games = ParsedJson.object(with("wrong-type depth=2").body()).get("games");
    assertThat((List<?>) games).hasSize(20).first().isEqualTo("42");
  }

  @Test
  void emptyHasNoBody() throws IOException {
    Exchange exchange = with("empty");
    assertThat(exchange.head()).startsWith("HTTP/1.1 200 ").contains("\r\nContent-Length: 0\r\n");
    assertThat(exchange.body()).isEmpty();
  }

  @Test
  void bodyIsServedAsGiven() throws IOException {
    byte[] bytes = {'>', (byte) 0xFB, (byte) 0xEF, 0};
    String base64 = Base64.getEncoder().encodeToString(bytes);
    Exchange exchange = with("body status=201 type=text/x base64=" + base64);
    assertThat(exchange.head()).startsWith("HTTP/1.1 201 ").contains("Content-Type: text/x\r\n");
    assertThat(exchange.body()).isEqualTo(bytes);
  }

  @Test
  void chunkedBodyHasNoLength() throws IOException {
    Exchange exchange = with("chunked piece=16");
    assertThat(exchange.head())
        .contains("\r\nTransfer-Encoding: chunked\r\n")
        .doesNotContain("Content-Length");
    String body = new String(exchange.body(), StandardCharsets.ISO_8859_1);
    assertThat(body).startsWith("10\r\n{\"games\":[{\"url\"\r\n10\r\n").endsWith("\r\n0\r\n\r\n");
    assertThat(exchange.end()).isEqualTo(RawConnection.End.SILENT);
  }

  @Test
  void chunkedBodyCanLackItsEnd() throws IOException {
    Exchange exchange = with("chunked ended=false");
    assertThat(new String(exchange.body(), StandardCharsets.ISO_8859_1))
        .doesNotEndWith("0\r\n\r\n");
    assertThat(exchange.end()).isEqualTo(RawConnection.End.CLOSED);
  }

  @Test
  void untilCloseEndsWithTheConnection() throws IOException {
    Exchange exchange = with("until-close");
    assertThat(exchange.head()).doesNotContain("Content-Length", "Transfer-Encoding");
    assertThat(exchange.body()).isEqualTo(right);
    assertThat(exchange.end()).isEqualTo(RawConnection.End.CLOSED);
  }

  @Test
  void closeAfterBreaksItsPromise() throws IOException {
    Exchange exchange = with("close-after");
    assertThat(exchange.head()).contains("Connection: keep-alive");
    assertThat(exchange.body()).isEqualTo(right);
    assertThat(exchange.end()).isEqualTo(RawConnection.End.CLOSED);
  }

  @Test
  void faultsAsRecordsNeedNoText() throws IOException {
    replica.faultAlways("/pub/*", new Fault.Status(500));
    assertThat(List.of(status(), status())).containsExactly("500", "500");
    replica.reset();
    replica.fault(PATH, 1, new Fault.Truncated(Fault.HALF));
    assertThat(exchange().body()).isEqualTo(rightHalf());
  }
}
