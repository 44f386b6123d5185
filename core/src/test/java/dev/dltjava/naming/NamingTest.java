package dev.dltjava.naming;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// `names.json` was printed by dlt's own naming conventions.
final class NamingTest {
  @Test
  void namesKeysAsEveryConventionOfDltDoes() throws IOException {
    Set<Naming> checked = new HashSet<>();
    int names = 0;
    try (InputStream resource =
            Objects.requireNonNull(NamingTest.class.getResourceAsStream("/naming/names.json"));
        JsonParser parser = new JsonFactory().createParser(resource)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        Map<String, String> expected = new HashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String field = parser.currentName();
          parser.nextToken();
          expected.put(field, parser.getText());
        }
        Naming naming =
            Arrays.stream(Naming.BuiltIn.values())
                .filter(candidate -> candidate.dltName().equals(expected.get("naming")))
                .findFirst()
                .orElseThrow();
        int length = Integer.parseInt(expected.getOrDefault("maximum_length", "0"));
        assertThat(
                naming
                    .convention(length, key -> key)
                    .normalizePath(expected.getOrDefault("key", "")))
            .as("%s", expected)
            .isEqualTo(expected.get("name"));
        checked.add(naming);
        names++;
      }
    }
    assertThat(checked).containsExactlyInAnyOrder(Naming.BuiltIn.values());
    assertThat(names).isGreaterThan(500);
  }

  @Test
  void stripsWhatPythonTakesForWhiteSpace() {
    assertThat(PythonText.strip("\u00a0\u2007 x\u0085\u202f\u001c")).isEqualTo("x");
    assertThat(PythonText.isBlank("\u00a0\t")).isTrue();
    assertThat(PythonText.isBlank("\u200b")).isFalse();
  }
}
