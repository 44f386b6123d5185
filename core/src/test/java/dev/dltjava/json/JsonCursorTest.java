package dev.dltjava.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.limits.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonCursorTest {
  private static final Limits LIMITS = new Limits(1 << 20, 3, 10, 100, 100, 1 << 20);

  private final JsonCursor cursor = new JsonCursor(LIMITS);

  private DltJavaException failure(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    cursor.open(utf8, 0, utf8.length);
    return catchThrowableOfType(
        DltJavaException.class,
        () -> {
          while (cursor.document() != JsonKind.END) {
            cursor.skipRest();
          }
        });
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{\"a\"}|4|not valid JSON in line 1: expected ':' behind the key, found '}'",
        "{\"a\":1 \"b\":2}|7|expected ',' or '}' behind the value, found '\"'",
        "{\"a\":1,}|7|expected a key in double quotes, found '}'",
        "{'a':1}|1|expected a key in double quotes, or '}', found '''",
        "[1,]|3|expected a value, found ']'",
        "[1 2]|3|expected ',' or ']' behind the element, found '2'",
        "[NaN]|1|expected a value, found 'NaN'",
        "[nil]|2|expected 'null', found 'il'",
        "[01]|2|expected no digit behind a leading zero, found '1'",
        "[1.x]|3|expected a digit behind the decimal point, found 'x'",
        "[-]|2|expected a digit, found ']'",
        "[1e]|3|expected a digit in the exponent, found ']'",
        "[\"\\x\"]|3|behind a backslash, found 'x'",
        "[\"\\u12\"]|6|expected four hexadecimal digits behind '\\u', found '\"'",
        "[é]|1|expected a value, found 'é'",
        "[1|2|the document is cut off in line 1: expected ',' or ']' behind the element",
        "[\"ab|4|cut off in line 1: expected '\"' at the end of the string, found the end of the text",
        "1x|1|expected white space behind the number, found 'x'",
      })
  void saysWhatIsWrongAndWhere(String text, long offset, String message) {
    DltJavaException failure = failure(text);
    assertThat(failure).hasMessageContaining(message);
    assertThat(failure.code()).isEqualTo(ErrorCode.JSON);
    assertThat(failure.location().byteOffset()).isEqualTo(offset);
  }

  @Test
  void countsLinesAndNamesControlCharacters() {
    assertThat(failure("{\n  \"a\": [\r\n1,\n\n2\n}"))
        .hasMessageContaining("in line 6: expected ',' or ']' behind the element, found '}'");
    assertThat(failure("[\"a\nb\"]"))
        .hasMessageContaining("in line 1: expected no control character")
        .hasMessageContaining("found the control character 0x0A");
  }

  /// A body of nothing but continuation bytes must not become a message of its own size.
  @Test
  void showsNoMoreThanACharacterOfWhatIsNotText() {
    byte[] text = new byte[100_000];
    Arrays.fill(text, (byte) 0xA8);
    text[0] = (byte) 0xF2;
    JsonCursor cursor = new JsonCursor(LIMITS);
    JsonOutcome whole = JsonOutcome.ofCursor(cursor, text);
    assertThat(whole.message()).hasSizeLessThan(100);
    assertThat(JsonOutcome.ofCursor(cursor, text, 1, 1, 7)).isEqualTo(whole);
  }

  @Test
  void keepsToItsLimits() {
    assertThat(failure("[[[1]]]")).isNull();
    assertThat(failure("[[[[1]]]]"))
        .hasMessageContaining("max_nesting_depth")
        .satisfies(fault -> assertThat(fault.code()).isEqualTo(ErrorCode.LIMIT))
        .satisfies(fault -> assertThat(fault.location().byteOffset()).isEqualTo(3));
    assertThat(failure("[\"0123456789\"]")).isNull();
    assertThat(failure("[\"0123456789a\"]"))
        .hasMessageContaining("max_string_bytes")
        .satisfies(fault -> assertThat(fault.code()).isEqualTo(ErrorCode.LIMIT));
    assertThat(failure("[" + "1".repeat(4_096) + "]")).isNull();
    assertThat(failure("[" + "1".repeat(4_097) + "]").code()).isEqualTo(ErrorCode.LIMIT);
    String key = "k".repeat(65_536);
    assertThat(failure("{\"" + key + "\":1}")).isNull();
    assertThat(failure("{\"" + key + "k\":1}").code()).isEqualTo(ErrorCode.LIMIT);
  }

  @Test
  void refusesTextThatLooksLikeUtf16() {
    byte[] text = "[1]".getBytes(StandardCharsets.UTF_16LE);
    cursor.open(text, 0, text.length);
    DltJavaException failure =
        catchThrowableOfType(
            DltJavaException.class,
            () -> {
              cursor.document();
              cursor.toElement();
              cursor.value();
            });
    assertThat(failure).hasMessageContaining("UTF-16");
    assertThat(failure.code()).isEqualTo(ErrorCode.ENCODING);
  }

  @Test
  void readsADocumentOfAnySizeInAWindow() {
    String element = "{\"id\":12345678,\"text\":\"abcdefg\"},";
    int count = 500_000;
    cursor.open(
        new InputStream() {
          private final byte[] bytes = element.getBytes(StandardCharsets.US_ASCII);
          private long next = -1;

          @Override
          public int read() {
            long at = next++;
            if (at < 0) {
              return '[';
            }
            long last = (long) bytes.length * count - 1;
            return at < last ? bytes[(int) (at % bytes.length)] : at == last ? ']' : -1;
          }
        });
    assertThat(cursor.document()).isEqualTo(JsonKind.ARRAY);
    long sum = 0;
    while (cursor.toElement()) {
      assertThat(cursor.value()).isEqualTo(JsonKind.OBJECT);
      assertThat(cursor.toKey()).isTrue();
      cursor.readKey();
      cursor.value();
      sum += cursor.integer();
      cursor.toKey();
      cursor.readKey();
      cursor.value();
      assertThat(cursor.toKey()).isFalse();
    }
    assertThat(cursor.atEnd()).isTrue();
    assertThat(sum).isEqualTo(12345678L * count);
    assertThat(cursor.byteOffset()).isEqualTo(1L + (long) element.length() * count);
    assertThat(cursor.windowBytes()).isLessThan(200_000);
  }

  @Test
  void givesAFailureOfTheInputOn() {
    cursor.open(
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("gone");
          }
        });
    DltJavaException failure =
        catchThrowableOfType(DltJavaException.class, () -> cursor.document());
    assertThat(failure).hasMessageContaining("gone");
    assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL);
  }
}
