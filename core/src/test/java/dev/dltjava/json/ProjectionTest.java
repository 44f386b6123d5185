package dev.dltjava.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProjectionTest {
  private static String project(List<List<String>> paths, String record) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(record + " 7")) {
      parser.nextToken();
      String part = Projection.of(paths).read(parser);
      assertThat(parser.nextToken()).as("behind the record").isEqualTo(JsonToken.VALUE_NUMBER_INT);
      return part;
    }
  }

  @Test
  void keepsTheValuesOfThePathsInTheirPlaces() throws IOException {
    String record = "{\"a\":{\"b\":[1,{\"x\":2}],\"c\":3},\"d\":\"\\u00fc\",\"e\":{\"f\":null}}";
    assertThat(project(List.of(List.of("a", "b"), List.of("d"), List.of("e", "f")), record))
        .isEqualTo("{\"a\":{\"b\":[1,{\"x\":2}]},\"d\":\"ü\",\"e\":{\"f\":null}}");
  }

  @Test
  void leavesOutWhatTheRecordDoesNotHave() throws IOException {
    assertThat(project(List.of(List.of("a", "b"), List.of("c")), "{\"a\":{},\"b\":1}"))
        .isEqualTo("{\"a\":{}}");
    assertThat(project(List.of(List.of("a", "b")), "{\"a\":[1]}")).isEqualTo("{\"a\":[1]}");
  }

  @Test
  void anEmptyPathIsTheWholeRecord() throws IOException {
    assertThat(project(List.of(List.of("a"), List.of()), "{\"a\":1,\"b\":[2]}"))
        .isEqualTo("{\"a\":1,\"b\":[2]}");
    assertThat(project(List.of(List.of("a")), "\"x\"")).isEqualTo("\"x\"");
  }
}
