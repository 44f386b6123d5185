package dev.dltjava.normalize;

import static dev.dltjava.normalize.Tables.PLAIN;
import static dev.dltjava.normalize.Tables.normalize;
import static dev.dltjava.normalize.Tables.withInference;
import static dev.dltjava.normalize.Tables.withOrder;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.error.DltJavaException;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Columns that one key writes are written without asking who wrote there before. With marks of
/// types they never are, which makes the same tables of records that hold no marks.
final class DirectColumnsTest {
  private static final Inference MARKED = new Inference(true, false, true);

  @ParameterizedTest
  @EnumSource(ColumnOrder.class)
  void makesTheTablesThatWritesOneByOneMake(ColumnOrder order) {
    NormalizerOptions options = withOrder(PLAIN, order);
    for (int seed = 0; seed < 3_000; seed++) {
      String records = records(new Random(seed));
      assertThat(outcome(options, records))
          .as("seed %d: %s", seed, records)
          .isEqualTo(outcome(withInference(options, MARKED), records));
    }
  }

  /// The tables, or what is wrong with the records: a text may not fit even the column for texts.
  private static Object outcome(NormalizerOptions options, String records) {
    try {
      return normalize(options, records);
    } catch (DltJavaException failure) {
      return failure.toString();
    }
  }

  @Test
  void keepsTheOtherKeysValueOfTheRowInWhichASecondKeyOfTheNameComes() {
    String alike = "{'a':1},{'a':2},{'a':3},";
    assertThat(column(alike + "{'a':4,'A':'x'}", "a")).containsExactly(1L, 2L, 3L, null);
    assertThat(column(alike + "{'a':4,'A':'x'}", "a__v_text"))
        .containsExactly(null, null, null, "x");
    assertThat(column(alike + "{'a':4,'A':5,'a':6}", "a")).containsExactly(1L, 2L, 3L, 6L);
    assertThat(column(alike + "{'a':4,'A':null}", "a")).containsExactly(1L, 2L, 3L, null);
  }

  private static List<@Nullable Object> column(String records, String name) {
    return normalize(PLAIN, "[" + records.replace('\'', '"') + "]").get("t").column(name);
  }

  /// Few keys, of which some have the same name or path, and more alike rows than others.
  private static String records(Random random) {
    StringBuilder text = new StringBuilder("[");
    String usual = object(random, 2, true);
    int rows = 3 + random.nextInt(8);
    for (int row = 0; row < rows; row++) {
      text.append(row == 0 ? "" : ",");
      text.append(random.nextInt(3) > 0 ? usual : object(random, 2, false));
    }
    return text.append("]").toString();
  }

  private static String object(Random random, int depth, boolean distinct) {
    String[] keys = {"a", "A", "b", "a__b", "c", "B", "a_"};
    StringBuilder text = new StringBuilder("{");
    int members = random.nextInt(5);
    for (int i = 0; i < members; i++) {
      String key = distinct ? keys[2 * i % keys.length] : keys[random.nextInt(keys.length)];
      text.append(i == 0 ? "" : ",").append('"').append(key).append("\":");
      text.append(value(random, depth));
    }
    return text.append("}").toString();
  }

  private static String value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 11 : 8)) {
      case 0 -> "null";
      case 1 -> "true";
      case 2, 3 -> Integer.toString(random.nextInt(100));
      case 4 -> "1." + random.nextInt(100);
      case 5 -> "\"2024-05-01T00:00:0" + random.nextInt(10) + "Z\"";
      case 6, 7 -> "\"" + "x".repeat(random.nextInt(20)) + "\"";
      case 8, 9 -> object(random, depth - 1, false);
      default -> "[" + value(random, depth - 1) + "," + value(random, depth - 1) + "]";
    };
  }
}
