package dev.dltjava.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class JsonTextTest {
  private static final int DOCUMENTS = 3_000;

  private final JsonCursor cursor = new JsonCursor(JsonOutcome.LIMITS);
  private final JsonText text = new JsonText();

  private String compact(String document) {
    byte[] utf8 = document.getBytes(StandardCharsets.UTF_8);
    cursor.open(utf8, 0, utf8.length);
    cursor.value();
    text.write(cursor);
    assertThat(cursor.atEnd()).isTrue();
    return text.string();
  }

  private String sorted(String document) {
    byte[] utf8 = document.getBytes(StandardCharsets.UTF_8);
    cursor.open(utf8, 0, utf8.length);
    cursor.value();
    text.writeSorted(cursor, key -> !key.startsWith("_"));
    return text.string();
  }

  /// The same by way of maps, in which equal keys meet.
  private static String reference(JsonParser parser, boolean sorted) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, String> members =
            sorted
                ? new TreeMap<>(
                    (left, right) ->
                        Arrays.compareUnsigned(
                            left.getBytes(StandardCharsets.UTF_8),
                            right.getBytes(StandardCharsets.UTF_8)))
                : new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String key = parser.currentName();
          parser.nextToken();
          members.put(key, reference(parser, sorted));
        }
        yield members.entrySet().stream()
            .map(member -> quoted(member.getKey()) + ":" + member.getValue())
            .collect(Collectors.joining(",", "{", "}"));
      }
      case START_ARRAY -> {
        List<String> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          elements.add(reference(parser, sorted));
        }
        yield elements.stream().collect(Collectors.joining(",", "[", "]"));
      }
      case VALUE_STRING -> quoted(parser.getText());
      case VALUE_NUMBER_INT -> parser.getBigIntegerValue().toString();
      case VALUE_NUMBER_FLOAT -> FloatText.orjson(parser.getDoubleValue());
      default -> parser.currentToken().asString();
    };
  }

  private static String quoted(String value) {
    StringBuilder json = new StringBuilder("\"");
    for (char character : value.toCharArray()) {
      int known = "\"\\\b\f\n\r\t".indexOf(character);
      if (known >= 0) {
        json.append('\\').append("\"\\bfnrt".charAt(known));
      } else if (character < 0x20) {
        json.append("\\u%04x".formatted((int) character));
      } else {
        json.append(character);
      }
    }
    return json.append('"').toString();
  }

  @Test
  void writesWhatIsReadByWayOfMaps() throws IOException {
    GeneratedJson generated = new GeneratedJson(new SplittableRandom(DOCUMENTS));
    int written = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
      byte[] document = generated.valid();
      cursor.open(document, 0, document.length);
      if (cursor.document() == JsonKind.END) {
        continue;
      }
      // Its reader of bytes refuses half a surrogate pair in keys.
      String characters = new String(document, StandardCharsets.UTF_8);
      try (JsonParser parser = new JsonFactory().createParser(characters)) {
        parser.nextToken();
        text.write(cursor);
        String expected = reference(parser, false);
        assertThat(text.string()).isEqualTo(expected);
        assertThat(text.halfPair()).isEqualTo(hasHalfPair(expected));
      }
      if (!text.halfPair()) {
        try (JsonParser parser = new JsonFactory().createParser(characters)) {
          parser.nextToken();
          cursor.open(document, 0, document.length);
          cursor.value();
          text.writeSorted(cursor, key -> true);
          assertThat(text.string()).isEqualTo(reference(parser, true));
        }
      }
      written++;
    }
    assertThat(written).isGreaterThan(DOCUMENTS / 2);
  }

  private static boolean hasHalfPair(String value) {
    return !StandardCharsets.UTF_8.newEncoder().canEncode(value);
  }

  @Test
  void keepsTheLastOfEqualKeysInThePlaceOfTheFirst() {
    assertThat(compact("{\"a\":1,\"b\":2,\"\\u0061\":{\"c\":3}}"))
        .isEqualTo("{\"a\":{\"c\":3},\"b\":2}");
    StringBuilder wide = new StringBuilder("{");
    for (int i = 0; i < 60; i++) {
      wide.append("\"k").append(i % 40).append("\":").append(i).append(i < 59 ? "," : "}");
    }
    assertThat(compact(wide.toString()))
        .startsWith("{\"k0\":40,\"k1\":41,")
        .endsWith("\"k39\":39}");
  }

  @Test
  void sortsKeysAsTheirBytesAreAndLeavesSomeOut() {
    assertThat(sorted("{\"b\":1,\"_c\":2,\"a\":{\"_e\":3,\"d\":4},\"\\u0001\":5,\"é\":6,\"Z\":7}"))
        .isEqualTo("{\"\\u0001\":5,\"Z\":7,\"a\":{\"_e\":3,\"d\":4},\"b\":1,\"é\":6}");
  }

  @Test
  void keepsTheSpellingOfNumbersIfTold() {
    byte[] utf8 = "{\"a\": [1.50, 1e400, -0, 1E2]}".getBytes(StandardCharsets.UTF_8);
    cursor.open(utf8, 0, utf8.length);
    cursor.value();
    text.writeExact(cursor);
    assertThat(text.string()).isEqualTo("{\"a\":[1.50,1e400,0,1E2]}");
    assertThat(compact("1.50")).isEqualTo("1.5");
  }

  @Test
  void leavesOutMarksOfTypesIfTold() {
    byte[] utf8 =
        "[\"\uF0271\",\"\\uf02d2\",\"\uF026\",\"\uF02E3\",\"\uF0254\"]"
            .getBytes(StandardCharsets.UTF_8);
    cursor.open(utf8, 0, utf8.length);
    cursor.value();
    JsonText unmarked = new JsonText(true);
    unmarked.write(cursor);
    assertThat(unmarked.string()).isEqualTo("[\"1\",\"2\",\"\uF026\",\"\uF02E3\",\"\uF0254\"]");
  }

  @Test
  void writesNumbersAsOrjsonDoes() {
    assertThat(compact("[ -0 , 0, -0.0, 1E2, 123456789012345678901234567890, 1e400, 0.10 ]"))
        .isEqualTo("[0,0,-0.0,100.0,123456789012345678901234567890,null,0.1]");
  }
}
