package dev.dltjava.http;

import static dev.dltjava.http.HttpFixture.failure;
import static dev.dltjava.http.HttpFixture.get;
import static dev.dltjava.http.HttpFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HttpCompressionTest {
  private static final String TEXT = "{\"id\": 1, \"name\": \"a\"}, ".repeat(100_000);

  private final HttpFixture fixture = new HttpFixture();

  @AfterEach
  void leavesNothing() {
    fixture.close();
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    return out.toByteArray();
  }

  private static byte[] deflate(String text, boolean bare) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Deflater deflater = new Deflater(6, bare);
        DeflaterOutputStream stream = new DeflaterOutputStream(out, deflater)) {
      stream.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    return out.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(out::writeBytes);
    return out.toByteArray();
  }

  private ScriptedServer serving(String encoding, byte[] body) {
    return fixture.server(
        peer -> {
          while (!peer.readRequest().isEmpty()) {
            peer.write(
                "HTTP/1.1 200 OK\r\ncontent-encoding: "
                    + encoding
                    + "\r\ncontent-length: "
                    + body.length
                    + "\r\n\r\n");
            peer.write(body);
          }
        });
  }

  private String fetched(String encoding, byte[] body) {
    return text(get(fixture.client(), serving(encoding, body).url("/")));
  }

  private ErrorCode failureOf(String encoding, byte[] body) {
    return failure(fixture.client(), serving(encoding, body).url("/")).code();
  }

  @Test
  void decompresses() {
    assertThat(fetched("gzip", gzip(TEXT))).isEqualTo(TEXT);
    assertThat(fetched("X-GZIP", gzip(TEXT))).isEqualTo(TEXT);
    assertThat(fetched("deflate", deflate(TEXT, false))).isEqualTo(TEXT);
    assertThat(fetched("deflate", deflate(TEXT, true))).isEqualTo(TEXT);
    assertThat(fetched("identity", new byte[] {'a'})).isEqualTo("a");
  }

  @Test
  void takesAnEmptyBodyForEmptyData() {
    assertThat(fetched("gzip", new byte[0])).isEmpty();
    assertThat(fetched("gzip", gzip(""))).isEmpty();
    assertThat(fetched("deflate", deflate("", false))).isEmpty();
  }

  @Test
  void joinsGzipMembersAndIgnoresPadding() {
    byte[] two = joined(gzip("abc"), gzip("def"), new byte[20]);

    assertThat(fetched("gzip", two)).isEqualTo("abcdef");
  }

  @Test
  void skipsAllPartsOfAGzipHeader() {
    byte[] plain = gzip("abc");
    byte[] header = {0x1f, (byte) 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 0};
    byte[] parts = {2, 0, 'x', 'y', 'n', 0, 'c', 0, 1, 2};
    byte[] full = joined(header, parts, Arrays.copyOfRange(plain, 10, plain.length));

    assertThat(fetched("gzip", full)).isEqualTo("abc");
  }

  @Test
  void decompressesByteByByte() {
    byte[] body = gzip("0123456789".repeat(20));
    ScriptedServer server =
        fixture.server(
            peer -> {
              peer.readRequest();
              peer.write(
                  "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n"
                      + "transfer-encoding: chunked\r\n\r\n");
              for (byte b : body) {
                peer.write(joined(new byte[] {'1', '\r', '\n', b, '\r', '\n'}));
              }
              peer.write("0\r\n\r\n");
            });

    assertThat(text(get(fixture.client(), server.url("/")))).hasSize(200);
  }

  @Test
  void reportsCompressedDataCutOffAtAnyByte() {
    byte[] body = gzip("abcdef");
    HttpClient client = fixture.client(HttpFixture.optionsOfTimeout(30_000));
    for (int length = 1; length < body.length; length++) {
      ScriptedServer server = serving("gzip", Arrays.copyOf(body, length));

      assertThat(failure(client, server.url("/")).code()).isEqualTo(ErrorCode.TRUNCATED);
    }
  }

  @Test
  void reportsCorruptData() {
    byte[] wrongChecksum = gzip("abcdef");
    wrongChecksum[wrongChecksum.length - 8] ^= 1;
    byte[] wrongLength = gzip("abcdef");
    wrongLength[wrongLength.length - 1] ^= 1;
    byte[] wrongData = gzip(TEXT);
    // A block of the type that does not exist.
    wrongData[10] = 7;

    assertThat(failureOf("gzip", wrongChecksum)).isEqualTo(ErrorCode.PROTOCOL);
    assertThat(failureOf("gzip", wrongLength)).isEqualTo(ErrorCode.PROTOCOL);
    assertThat(failureOf("gzip", wrongData)).isEqualTo(ErrorCode.PROTOCOL);
    byte[] needsDictionary = {0x78, 0x20, 0, 0, 0, 1, 0};
    assertThat(failureOf("deflate", needsDictionary)).isEqualTo(ErrorCode.PROTOCOL);
  }

  @Test
  void boundsTheDecompressedLength() {
    byte[] body = gzip("0".repeat(1_000_000));
    ScriptedServer server = serving("gzip", body);

    HttpClient enough = fixture.client(HttpFixture.optionsOfBodyBytes(1_000_000));
    assertThat(text(get(enough, server.url("/")))).hasSize(1_000_000);

    HttpClient tooFew = fixture.client(HttpFixture.optionsOfBodyBytes(999_999));
    assertThat(failure(tooFew, server.url("/")).code()).isEqualTo(ErrorCode.LIMIT);
  }
}
