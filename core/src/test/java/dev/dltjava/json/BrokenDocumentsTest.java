package dev.dltjava.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.dltjava.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Texts that are no JSON are refused, and at the place where Jackson refuses them. They stand in
/// `broken-documents.tsv`: a category and a text a line, the text as a JSON string or in Base64.
final class BrokenDocumentsTest {
  private static final int LEAST_DOCUMENTS = 300;
  private static final String BASE64 = "base64:";

  private record Broken(String category, String written, byte[] text) {}

  private final JsonCursor cursor = new JsonCursor(JsonOutcome.LIMITS);

  private static List<Broken> documents() throws IOException {
    List<Broken> documents = new ArrayList<>();
    try (InputStream file = BrokenDocumentsTest.class.getResourceAsStream("broken-documents.tsv")) {
      assertThat(file).isNotNull();
      for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        String[] columns = line.split("\t");
        documents.add(new Broken(columns[0], columns[1], text(columns[1])));
      }
    }
    return documents;
  }

  private static byte[] text(String written) throws IOException {
    if (written.startsWith(BASE64)) {
      return Base64.getDecoder().decode(written.substring(BASE64.length()));
    }
    try (JsonParser parser = new JsonFactory().createParser(written)) {
      parser.nextToken();
      return parser.getText().getBytes(StandardCharsets.UTF_8);
    }
  }

  @Test
  void areRefusedWhereJacksonRefusesThem() throws IOException {
    Map<String, Integer> categories = new HashMap<>();
    for (Broken document : documents()) {
      byte[] text = document.text();
      JsonOutcome found = JsonOutcome.ofCursor(cursor, text);
      JsonOutcome expected = JsonOutcome.ofReference(text);
      String message =
          document.category() + " " + document.written() + "\n" + found + "\n" + expected;
      categories.merge(document.category(), 1, Integer::sum);
      assertThat(found.accepted()).as(message).isFalse();
      assertThat(found.offset()).as(message).isBetween(0L, (long) text.length);
      if (JsonCursorAgreementTest.looksWide(text)) {
        // Jackson takes text with zeros among its first bytes for UTF-16 or UTF-32, and reads it.
        assertThat(found.code()).as(message).isEqualTo(ErrorCode.ENCODING);
      } else {
        assertThat(expected.accepted()).as(message).isFalse();
        assertThat(JsonCursorAgreementTest.sameFault(text, found, expected)).as(message).isTrue();
      }
      for (int cut = 0; cut <= Math.min(text.length, 200); cut++) {
        assertThat(JsonOutcome.ofCursor(cursor, text, cut, 1)).as(message).isEqualTo(found);
      }
    }
    assertThat(categories.values().stream().mapToInt(Integer::intValue).sum())
        .isGreaterThan(LEAST_DOCUMENTS);
    assertThat(categories)
        .containsOnlyKeys(
            "structure",
            "numbers",
            "strings",
            "escapes",
            "utf-8",
            "literals",
            "depth",
            "truncated",
            "bom",
            "nul",
            "trailing",
            "limits");
  }
}
