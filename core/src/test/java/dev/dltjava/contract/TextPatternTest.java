package dev.dltjava.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TextPatternTest {
  private static final String LETTERS = "ab1_ -.Z\n";

  private static Verdict find(String pattern, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return TextPattern.of(pattern).orElseThrow().find(utf8, 0, utf8.length);
  }

  /// Java's own expressions are the oracle; their `$` also stands before a line end, so `\z` is
  /// asked instead.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "",
        "^$",
        "^a$",
        "^a",
        "a$",
        "^a*$",
        "^(?:ab|a)+b?$",
        "^(a|b1)*_$",
        "ab|1",
        "^[a-z]{2,3}$",
        "^[^ab]+$",
        "^a{2}$",
        "^(a{0,2}b){1,2}$",
        "^(a|)b$",
        "\\d\\w\\s",
        "^\\D+$",
        "^[\\w.-]+$",
        "^.a.$",
        "^a+?b*?$",
        "^(a*)*$",
        "^(a+)+1",
        "a{2,}",
        "^[\\S]\\W$",
        "^\\-\\.$",
        "[a-b1]_",
        "^(|a)(b|)$",
        "^((a|b)(1|_)){2}$"
      })
  void findsWhatJavaFinds(String pattern) {
    Pattern oracle = Pattern.compile(pattern.replaceAll("\\$$", "\\\\z"));
    Random random = new Random(pattern.hashCode());
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(7);
      for (int k = 0; k < length; k++) {
        text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
      }
      boolean expected = oracle.matcher(text).find();
      assertThat(find(pattern, text.toString()))
          .as("'%s' in '%s'", pattern, text)
          .isEqualTo(expected ? Verdict.VALID : Verdict.INVALID);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(?i)a",
        "a\\b",
        "(a)\\1",
        "(?=a)",
        "(?P<x>a)",
        "^a|b$",
        "a**",
        "a++",
        "{",
        "a{",
        "a{2",
        "a{3,2}",
        "[a",
        "[]",
        "[[a]]",
        "[a&&b]",
        "[a--b]",
        "(a",
        "a)",
        "a^b",
        "a$b",
        "ä",
        "\\p{L}",
        "\\x41",
        "\\",
        "*a",
        "a{1,300}",
        "(((a{99}){99}){99})",
        "[b-a]",
        "[[:alpha:]]",
        "(^a)"
      })
  void leavesWhatIsNotInTheSubset(String pattern) {
    assertThat(TextPattern.of(pattern)).isEmpty();
  }

  @Test
  void leavesPatternsThatAreLongOrDeep() {
    assertThat(TextPattern.of("a".repeat(2_000))).isEmpty();
    assertThat(TextPattern.of("(".repeat(100) + ")".repeat(100))).isEmpty();
  }

  /// An engine that goes back would need 2^100000 steps.
  @Test
  void takesTimeThatGrowsWithTheTextAlone() {
    for (String pattern : List.of("^(a+)+$", "^(a|aa)*$", "^(a*)*b$", "(a|a)*c")) {
      assertThat(find(pattern, "a".repeat(100_000) + "!")).as(pattern).isEqualTo(Verdict.INVALID);
    }
  }

  @Test
  void leavesTextsBeyondAscii() {
    assertThat(find("^.$", "ä")).isEqualTo(Verdict.OPEN);
  }
}
