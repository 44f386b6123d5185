package dev.dltjava.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The cursor finds in any text what Jackson finds, in whatever pieces the text arrives.
/// `-Ddltj.json.documents=N` tries more texts.
final class JsonCursorAgreementTest {
  private static final int DOCUMENTS = Integer.getInteger("dltj.json.documents", 6_000);

  /// Up to this length all ways to cut a text in two are tried.
  private static final int SHORT = 120;

  private final SplittableRandom random = new SplittableRandom(DOCUMENTS);
  private final JsonCursor cursor = new JsonCursor(JsonOutcome.LIMITS);
  private final GeneratedJson generated = new GeneratedJson(random);

  @Test
  void agreesOnTextsThatAreJson() {
    for (int i = 0; i < DOCUMENTS; i++) {
      byte[] text = generated.valid();
      JsonOutcome expected = JsonOutcome.ofReference(text);
      assertThat(expected.accepted()).as(shown(text)).isTrue();
      agrees(text, expected);
    }
  }

  @Test
  void agreesOnDamagedTexts() {
    int refused = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
      byte[] text = generated.damaged();
      JsonOutcome expected = JsonOutcome.ofReference(text);
      if (looksWide(text)) {
        // Jackson takes it for UTF-16 or UTF-32.
        assertThat(JsonOutcome.ofCursor(cursor, text).code()).isNotNull();
      } else {
        agrees(text, expected);
        refused += expected.accepted() ? 0 : 1;
      }
    }
    assertThat(refused).isGreaterThan(DOCUMENTS / 2);
  }

  @Test
  void agreesOnHalvesOfSurrogatePairsInKeys() {
    for (String half : new String[] {"\\ud83d", "\\ude42", "\\ude42\\ud83d", "\\ud83d\\n"}) {
      for (String rest : new String[] {"\":1}", "0\\n\":1}", "0\\n\"}}", "x", "\\u12\":1}"}) {
        byte[] text = ("{\"9" + half + rest).getBytes(StandardCharsets.UTF_8);
        agrees(text, JsonOutcome.ofReference(text));
      }
    }
  }

  /// Whether the first bytes are those of UTF-16 or UTF-32: a mark of their own, or zeros.
  static boolean looksWide(byte[] text) {
    if (text.length >= 2 && (text[0] == -1 && text[1] == -2 || text[0] == -2 && text[1] == -1)) {
      return true;
    }
    for (int i = 0; i < Math.min(text.length, 4); i++) {
      if (text[i] == 0) {
        return true;
      }
    }
    return false;
  }

  private void agrees(byte[] text, JsonOutcome expected) {
    JsonOutcome whole = JsonOutcome.ofCursor(cursor, text);
    if (expected.accepted()) {
      assertThat(whole.message()).as(shown(text)).isEmpty();
      assertThat(whole.tokens()).as(shown(text)).isEqualTo(expected.tokens());
    } else {
      assertThat(whole.code()).as(shown(text) + expected).isNotNull();
      String message = shown(text) + "\n" + whole + "\n" + expected;
      assertThat(whole.offset()).as(message).isBetween(0L, (long) text.length);
      assertThat(sameFault(text, whole, expected)).as(message).isTrue();
    }
    if (text.length <= SHORT) {
      for (int cut = 0; cut <= text.length; cut++) {
        assertThat(JsonOutcome.ofCursor(cursor, text, cut)).as(shown(text)).isEqualTo(whole);
      }
    }
    int[] pieces = new int[text.length];
    for (int i = 0; i < pieces.length; i++) {
      pieces[i] = random.nextInt(1 + random.nextInt(20));
    }
    assertThat(JsonOutcome.ofCursor(cursor, text, pieces)).as(shown(text)).isEqualTo(whole);
  }

  /// The same code, and a place in or at the edge of the same token. A token that is neither JSON
  /// nor UTF-8 may be called either.
  static boolean sameFault(byte[] text, JsonOutcome found, JsonOutcome expected) {
    boolean encoding = found.code() == ErrorCode.ENCODING || expected.code() == ErrorCode.ENCODING;
    if (!encoding && found.code() != expected.code()) {
      return false;
    }
    // The place of a fault is its first byte here, behind it with Jackson, and up to three bytes
    // before it with the JDK.
    int tolerance = encoding ? 3 : 2;
    long end = Math.max(found.offset(), expected.offset());
    long start = Math.min(found.offset(), expected.offset());
    while (end - start > tolerance && isWord(text[(int) start + 1])) {
      start++;
    }
    return end - start <= tolerance;
  }

  private static boolean isWord(byte character) {
    return character < 0
        || "+-.".indexOf(character) >= 0
        || Character.isJavaIdentifierPart(character);
  }

  static String shown(byte[] text) {
    return new String(text, StandardCharsets.UTF_8);
  }
}
