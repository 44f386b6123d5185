package dev.dltjava.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.limits.Limits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProjectionTest {
  private static String project(List<List<String>> paths, String record) {
    byte[] utf8 = (record + " 7").getBytes(StandardCharsets.UTF_8);
    JsonCursor cursor = new JsonCursor(Limits.DEFAULT);
    cursor.open(utf8, 0, utf8.length);
    cursor.document();
    String part = Projection.of(paths).read(cursor);
    assertThat(cursor.document()).as("behind the record").isEqualTo(JsonKind.INTEGER);
    return part;
  }

  @Test
  void keepsTheValuesOfThePathsInTheirPlaces() {
    String record = "{\"a\":{\"b\":[1,{\"x\":2}],\"c\":3},\"d\":\"\\u00fc\",\"e\":{\"f\":null}}";
    assertThat(project(List.of(List.of("a", "b"), List.of("d"), List.of("e", "f")), record))
        .isEqualTo("{\"a\":{\"b\":[1,{\"x\":2}]},\"d\":\"ü\",\"e\":{\"f\":null}}");
  }

  @Test
  void leavesOutWhatTheRecordDoesNotHave() {
    assertThat(project(List.of(List.of("a", "b"), List.of("c")), "{\"a\":{},\"b\":1}"))
        .isEqualTo("{\"a\":{}}");
    assertThat(project(List.of(List.of("a", "b")), "{\"a\":[1]}")).isEqualTo("{\"a\":[1]}");
  }

  @Test
  void anEmptyPathIsTheWholeRecord() {
    assertThat(project(List.of(List.of("a"), List.of()), "{\"a\":1,\"b\":[2]}"))
        .isEqualTo("{\"a\":1,\"b\":[2]}");
    assertThat(project(List.of(List.of("a")), "\"x\"")).isEqualTo("\"x\"");
  }
}
