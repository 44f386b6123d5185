package dev.dltjava.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UnescaperTest {
  private static final String[][] ESCAPES = {
    {"\\\"", "\""},
    {"\\\\", "\\"},
    {"\\/", "/"},
    {"\\b", "\b"},
    {"\\f", "\f"},
    {"\\n", "\n"},
    {"\\r", "\r"},
    {"\\t", "\t"},
    {"\\u0041", "A"},
    {"\\u00e9", "é"},
    {"\\u65E5", "日"},
    {"\\ud83d\\ude42", "🙂"},
    {"\\u0000", "\0"}
  };

  private final Unescaper unescaper = new Unescaper();

  private int unescape(String escaped) {
    byte[] utf8 = escaped.getBytes(StandardCharsets.UTF_8);
    // What stands behind the string must not matter.
    byte[] followed = Arrays.copyOf(utf8, utf8.length + 8);
    Arrays.fill(followed, utf8.length, followed.length, (byte) '\\');
    return unescaper.unescape(followed, 0, utf8.length);
  }

  private String text() {
    return Utf8.string(unescaper.bytes(), 0, unescaper.length());
  }

  @Test
  void resolvesEveryEscapeAtEveryPlace() {
    for (String[] escape : ESCAPES) {
      for (int before = 0; before < 20; before++) {
        for (int behind = 0; behind < 20; behind++) {
          String left = "x".repeat(before);
          String right = "y".repeat(behind);
          assertThat(unescape(left + escape[0] + right)).isEqualTo(-1);
          assertThat(text()).isEqualTo(left + escape[1] + right);
          assertThat(unescape(left + escape[0] + escape[0] + right)).isEqualTo(-1);
          assertThat(text()).isEqualTo(left + escape[1] + escape[1] + right);
        }
      }
    }
  }

  /// As in a text, of which the string is the last.
  private int unescapeToQuote(String escaped, int firstEscape) {
    byte[] utf8 = escaped.getBytes(StandardCharsets.UTF_8);
    byte[] followed = Arrays.copyOf(utf8, utf8.length + 2 * Blocks.BYTES);
    return unescaper.unescapeToQuote(followed, 0, firstEscape, utf8.length);
  }

  @Test
  void findsTheEndOfAStringBehindEveryEscapeAtEveryPlace() {
    for (String[] escape : ESCAPES) {
      for (int before = 0; before < 2 * Blocks.BYTES; before++) {
        for (int between = 0; between < Blocks.BYTES; between++) {
          String left = "x".repeat(before);
          String right = "y".repeat(between);
          String escaped = left + escape[0] + right + escape[0] + escape[0] + left;
          int end = unescapeToQuote(escaped + '"' + "\\\"", before);
          assertThat(end).isEqualTo(escaped.length());
          assertThat(text()).isEqualTo(left + escape[1] + right + escape[1] + escape[1] + left);
          assertThat(unescaper.beyondAscii()).isFalse();
        }
      }
    }
  }

  @Test
  void saysWhetherTheTextHasBytesBeyondAscii() {
    for (int before = 0; before < 3 * Blocks.BYTES; before++) {
      String left = "\\n" + "x".repeat(before);
      assertThat(unescapeToQuote(left + "é\"", 0)).isPositive();
      assertThat(unescaper.beyondAscii()).isTrue();
      assertThat(unescapeToQuote(left + "\"é", 0)).isPositive();
      assertThat(unescaper.beyondAscii()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\\", "\\x\"", "\\u12\"", "\0"})
  void saysThatAStringHasNoEnd(String fault) {
    for (int before = 0; before < 3 * Blocks.BYTES; before++) {
      assertThat(unescapeToQuote("\\n" + "x".repeat(before) + fault, 0)).isEqualTo(-1);
    }
  }

  @Test
  void keepsHalvesOfSurrogatePairsAndSaysSo() {
    for (String half :
        new String[] {"\\ud83d", "\\ude42", "\\ude42\\ud83d", "\\ud83dx", "\\ud83d\\n"}) {
      assertThat(unescape(half)).isEqualTo(-1);
      assertThat(unescaper.halfPair()).isTrue();
    }
    assertThat(unescape("\\ude42\\ud83d")).isEqualTo(-1);
    assertThat(text()).isEqualTo("\ude42\ud83d");
    assertThat(unescape("\\ud83d\\ude42")).isEqualTo(-1);
    assertThat(unescaper.halfPair()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "\\x,1",
    "\\u,2",
    "\\u12,4",
    "\\u12g4,4",
    "\\u123 ,5",
    "abc\\u00zz,7",
    "\\ud83d\\u12,10",
    "\\N,1",
    "\\u+123,2"
  })
  void namesTheByteThatIsNoEscape(String escaped, int wrong) {
    assertThat(unescape(escaped)).isEqualTo(wrong);
  }

  @Test
  void growsWithTheString() {
    String escaped = "\\n" + "a".repeat(100_000);
    assertThat(unescape(escaped)).isEqualTo(-1);
    assertThat(text()).isEqualTo("\n" + "a".repeat(100_000));
    unescaper.trim(1_000);
    assertThat(unescaper.bytes()).hasSizeLessThan(2_000);
  }
}
