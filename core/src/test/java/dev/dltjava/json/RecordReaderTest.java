package dev.dltjava.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.limits.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordReaderTest {
  private static final Limits LIMITS = new Limits(1 << 20, 20, 64, 100, 100, 1 << 20);

  private static final RecordPath GAMES = new RecordPath(List.of("games"), false);
  private static final RecordPath OPTIONAL_GAMES = new RecordPath(List.of("games"), true);

  private static List<String> records(byte[] document, RecordPath path) {
    List<String> records = new ArrayList<>();
    JsonText text = new JsonText();
    try (RecordReader reader =
        new RecordReader(new JsonCursor(LIMITS), new ByteArrayInputStream(document), path, false)) {
      try {
        while (reader.next()) {
          assertThat(reader.row()).isEqualTo(records.size());
          text.write(reader.cursor());
          records.add(text.string());
        }
      } catch (DltJavaException failure) {
        throw failure.at(failure.location().withRow(reader.row()));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return records;
  }

  private static List<String> records(String document, RecordPath path) {
    return records(document.getBytes(StandardCharsets.UTF_8), path);
  }

  private static DltJavaException failure(byte[] document, RecordPath path) {
    try {
      records(document, path);
    } catch (DltJavaException failure) {
      return failure;
    }
    throw new AssertionError("no failure");
  }

  private static DltJavaException failure(String document, RecordPath path) {
    return failure(document.getBytes(StandardCharsets.UTF_8), path);
  }

  @Test
  void findsRecordsBehindAPathOfKeys() {
    assertThat(records("{\"a\":[{}],\"games\":[{\"x\":1},2,null],\"b\":{\"games\":[9]}}", GAMES))
        .containsExactly("{\"x\":1}", "2", "null");
    RecordPath deep = new RecordPath(List.of("a", "b"), false);
    assertThat(records(" {\"a\":{\"z\":0,\"b\":{\"x\":1},\"y\":[]}} ", deep))
        .containsExactly("{\"x\":1}");
  }

  @Test
  void takesTheWholeDocumentWithoutAPath() {
    assertThat(records("[1,[2]]", RecordPath.ROOT)).containsExactly("1", "[2]");
    assertThat(records("{\"a\":\"\\u0000\"}", RecordPath.ROOT))
        .containsExactly("{\"a\":\"\\u0000\"}");
    assertThat(records("[]", RecordPath.ROOT)).isEmpty();
    assertThat(records("\uFEFF[1]", RecordPath.ROOT)).containsExactly("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"games\":null}", "{\"game\":[1]}"})
  void treatsAMissingPathAsAsked(String document) {
    assertThat(records(document, OPTIONAL_GAMES)).isEmpty();
    assertThat(failure(document, GAMES).code()).isEqualTo(ErrorCode.RECORD);
  }

  @Test
  void refusesADocumentOfAnotherShape() {
    assertThat(failure("[1]", OPTIONAL_GAMES))
        .hasMessageContaining("expected an object with the key 'games', found an array")
        .extracting(DltJavaException::code)
        .isEqualTo(ErrorCode.RECORD);
  }

  /// What dlt's data selectors do not match.
  @ParameterizedTest
  @ValueSource(
      strings = {"[1]", "1", "null", "{}", "{\"a\":[{\"b\":1}]}", "{\"a\":{\"b\":null},\"c\":1}"})
  void takesAnyOtherDocumentForAnEmptyOneIfAsked(String document) {
    RecordPath path = new RecordPath(List.of("a", "b"), RecordPath.Missing.EMPTY);
    assertThat(records(document, path)).isEmpty();
    RecordPath root = new RecordPath(List.of(), RecordPath.Missing.EMPTY);
    assertThat(records("null", root)).isEmpty();
    assertThat(records("0", root)).containsExactly("0");
  }

  @Test
  void refusesADocumentCutOffAtAnyByte() {
    byte[] whole =
        "{\"games\":[{\"a\":\"é\",\"b\":[1.5,true]}],\"n\":null}".getBytes(StandardCharsets.UTF_8);
    assertThat(records(whole, GAMES)).hasSize(1);
    for (int length = 0; length < whole.length; length++) {
      DltJavaException failure = failure(Arrays.copyOf(whole, length), GAMES);
      assertThat(failure.code()).isIn(ErrorCode.JSON, ErrorCode.ENCODING);
      assertThat(failure.location().byteOffset()).isBetween(0L, (long) length);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"<html>", "{\"a\":NaN}", "{'a':1}", "[1,]", "{\"a\":01}", "[1] 2", "nul", "[1]]"})
  void refusesWhatIsNotJson(String document) {
    assertThat(failure(document, RecordPath.ROOT).code()).isEqualTo(ErrorCode.JSON);
  }

  @Test
  void namesTheByteAndTheRecordOfASyntaxError() {
    DltJavaException failure = failure("[{\"a\":1},{\"a\":x}]", RecordPath.ROOT);
    assertThat(failure.location().row()).isEqualTo(1);
    assertThat(failure.location().byteOffset()).isBetween(13L, 16L);
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    int[][] malformed = {
      {0xFF}, {0xC0, 0x80}, {0xE0, 0x80, 0x80}, {0xED, 0xA0, 0x80}, {0xF4, 0x90, 0x80, 0x80}, {0xC3}
    };
    for (int[] bytes : malformed) {
      byte[] document = new byte[20 + bytes.length];
      Arrays.fill(document, (byte) 'x');
      document[0] = '"';
      document[document.length - 1] = '"';
      for (int i = 0; i < bytes.length; i++) {
        document[9 + i] = (byte) bytes[i];
      }
      DltJavaException failure = failure(document, RecordPath.ROOT);
      assertThat(failure.code()).isEqualTo(ErrorCode.ENCODING);
      assertThat(failure.location().byteOffset()).isBetween(9L, 9L + bytes.length);
    }
    assertThat(records("\"aé日🙂\"", RecordPath.ROOT)).containsExactly("\"aé日🙂\"");
  }

  @Test
  void boundsNestingAndStrings() {
    assertThat(records("[" + "[".repeat(19) + "]".repeat(19) + "]", RecordPath.ROOT)).hasSize(1);
    assertThat(failure("[".repeat(21) + "]".repeat(21), RecordPath.ROOT))
        .hasMessageContaining("max_nesting_depth")
        .extracting(DltJavaException::code)
        .isEqualTo(ErrorCode.LIMIT);
    assertThat(failure("\"" + "x".repeat(100_000) + "\"", RecordPath.ROOT).code())
        .isEqualTo(ErrorCode.LIMIT);
  }

  @Test
  void closesTheBody() throws IOException {
    boolean[] closed = new boolean[1];
    ByteArrayInputStream body =
        new ByteArrayInputStream(new byte[0]) {
          @Override
          public void close() {
            closed[0] = true;
          }
        };
    RecordReader reader = new RecordReader(new JsonCursor(LIMITS), body, RecordPath.ROOT, false);
    assertThatThrownBy(reader::next).isInstanceOf(DltJavaException.class);
    reader.close();
    assertThat(closed[0]).isTrue();
  }
}
