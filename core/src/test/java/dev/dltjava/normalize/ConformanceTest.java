package dev.dltjava.normalize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.JsonText;
import dev.dltjava.limits.Limits;
import dev.dltjava.normalize.Tables.Table;
import dev.dltjava.normalize.Tables.TableSet;
import dev.dltjava.pipeline.SourcePlan;
import dev.dltjava.schema.KnownTable;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Compares tables with those that dlt made of the same documents; `make_conformance.py` in
/// `python-shim/tools` writes the files and says what is in them.
final class ConformanceTest {
  private static final Path FOLDER = Path.of("src/test/resources/conformance");

  private static final Set<String> ADDED =
      Set.of("_dlt_load_id", "_dlt_id", "_dlt_parent_id", "_dlt_list_idx", "_dlt_root_id");

  static List<String> cases() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static String options(String name) throws IOException {
    byte[] file = Files.readAllBytes(FOLDER.resolve(name));
    JsonCursor cursor = new JsonCursor(Limits.DEFAULT);
    cursor.open(file, 0, file.length);
    cursor.document();
    while (cursor.toKey()) {
      cursor.readKey();
      boolean found = cursor.string().equals("options");
      cursor.value();
      if (found) {
        JsonText text = new JsonText();
        text.write(cursor);
        return text.string();
      }
      cursor.skipRest();
    }
    throw new AssertionError("no options in " + name);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void makesTheTablesThatDltMakes(String name) throws IOException {
    Map<?, ?> file;
    try (JsonParser parser = new JsonFactory().createParser(FOLDER.resolve(name).toFile())) {
      parser.nextToken();
      file = map(read(parser));
    }
    NormalizerOptions normalizer = SourcePlan.parse(options(name), "test").normalizer();
    byte[][] documents = documents(file);
    if (file.get("error") instanceof Number error) {
      assertThatExceptionOfType(DltJavaException.class)
          .isThrownBy(() -> Tables.normalize(normalizer, documents))
          .satisfies(failure -> assertThat(failure.code().number()).isEqualTo(error.intValue()));
      return;
    }
    TableSet tables = Tables.normalize(normalizer, documents);
    Map<?, ?> expected = map(file.get("tables"));
    assertThat(tables.names()).containsExactlyInAnyOrderElementsOf(strings(expected));
    Map<String, String> expectedIds = new HashMap<>();
    for (String table : strings(expected)) {
      @Nullable KnownTable known = normalizer.known().get(table);
      compare(table, tables.get(table), known, map(expected.get(table)), expectedIds);
    }
  }

  private static byte[][] documents(Map<?, ?> file) {
    List<byte[]> documents = new ArrayList<>();
    for (Object document : list(file.get("documents"))) {
      documents.add(((String) document).getBytes(StandardCharsets.UTF_8));
    }
    if (file.get("documents_hex") instanceof List<?> others) {
      others.forEach(other -> documents.add(HexFormat.of().parseHex((String) other)));
    }
    return documents.toArray(byte[][]::new);
  }

  private static void compare(
      String name,
      Table table,
      @Nullable KnownTable knownTable,
      Map<?, ?> expected,
      Map<String, String> ids) {
    KnownTable known = Objects.requireNonNullElse(knownTable, KnownTable.NONE);
    assertThat(table.parent()).as(name).isEqualTo(expected.get("parent"));
    Map<?, ?> columns = map(expected.get("columns"));
    // dlt does not see that a known column might be there.
    List<String> names =
        table.names().stream()
            .filter(
                column ->
                    !known.columns().containsKey(column)
                        || table.column(column).stream().anyMatch(Objects::nonNull))
            .toList();
    assertThat(names).as(name).containsExactlyInAnyOrderElementsOf(strings(columns));
    assertThat(newOnes(names, knownTable))
        .as(name)
        .isEqualTo(newOnes(strings(columns), knownTable));
    List<?> rows = list(expected.get("rows"));
    int index = 0;
    for (String column : strings(columns)) {
      List<@Nullable Object> values = new ArrayList<>();
      for (Object row : rows) {
        values.add(value(list(row).get(index), String.valueOf(columns.get(column))));
      }
      List<@Nullable Object> actual = new ArrayList<>();
      table.column(column).forEach(found -> actual.add(plain(found)));
      assertThat(actual).as("%s.%s", name, column).hasSameSizeAs(values);
      for (int i = 0; column.startsWith("_dlt_") && i < values.size(); i++) {
        String found = String.valueOf(actual.get(i));
        if (values.get(i) instanceof String id && id.startsWith("#")) {
          // A random id is whatever it is, but the same wherever dlt has the same.
          values.set(i, ids.computeIfAbsent(id, unknown -> found));
        }
      }
      assertThat(actual).as("%s.%s", name, column).isEqualTo(values);
      index++;
    }
  }

  /// Columns whose order is that of the batches; dlt orders those that it knows by itself.
  private static List<String> newOnes(List<String> names, @Nullable KnownTable known) {
    return names.stream()
        .filter(
            name -> known == null || !(known.columns().containsKey(name) || ADDED.contains(name)))
        .toList();
  }

  private static @Nullable Object value(@Nullable Object value, String type) {
    if (value == null) {
      return null;
    }
    return switch (type) {
      case "timestamp" -> micros(OffsetDateTime.parse((String) value).toInstant());
      case "date" -> (int) LocalDate.parse((String) value).toEpochDay();
      case "time" -> LocalTime.parse((String) value).toNanoOfDay() / 1_000;
      case "double" -> value instanceof String name ? notFinite(name) : value;
      case "decimal", "wei" -> new BigDecimal((String) value).stripTrailingZeros();
      default -> value;
    };
  }

  private static double notFinite(String name) {
    return switch (name) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.NaN;
    };
  }

  private static long micros(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC).toEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case BigDecimal decimal -> decimal.stripTrailingZeros();
      case byte[] bytes -> HexFormat.of().formatHex(bytes);
      default -> value;
    };
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return (Map<?, ?>) Objects.requireNonNull(value);
  }

  private static List<?> list(@Nullable Object value) {
    return (List<?>) Objects.requireNonNull(value);
  }

  private static List<String> strings(Map<?, ?> map) {
    return map.keySet().stream().map(String.class::cast).toList();
  }

  private static @Nullable Object read(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String key = parser.currentName();
          parser.nextToken();
          object.put(key, read(parser));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(read(parser));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("not a value: " + parser.currentToken());
    };
  }
}
