package dev.dltjava.naming;

import java.util.Locale;
import java.util.regex.Pattern;

/// dlt's default naming convention, `snake_case`.
public final class SnakeCase extends NamingConvention {
  private static final Pattern WORD_BREAK = Pattern.compile("([^_])([A-Z][a-z]+)");
  private static final Pattern CASE_BREAK = Pattern.compile("([a-z0-9])([A-Z])");
  private static final Pattern UNDERSCORES = Pattern.compile("__+");

  /// @param maximumLength longest name in characters, 0 for no limit
  public SnakeCase(int maximumLength) {
    super("__", maximumLength);
  }

  @Override
  String normalizeIdentifier(String stripped) {
    String broken = WORD_BREAK.matcher(reduceAlphabet(stripped)).replaceAll("$1_$2");
    String snake = CASE_BREAK.matcher(broken).replaceAll("$1_$2").toLowerCase(Locale.ROOT);
    if (!snake.isEmpty() && Character.isDigit(snake.codePointAt(0))) {
      snake = "_" + snake;
    }
    return shorten(
        UNDERSCORES.matcher(replaceTrailingUnderscores(snake)).replaceAll("_"), stripped);
  }

  private static String reduceAlphabet(String identifier) {
    StringBuilder reduced = new StringBuilder(identifier.length());
    boolean replacing = false;
    for (int i = 0; i < identifier.length(); ) {
      int character = identifier.codePointAt(i);
      i += Character.charCount(character);
      int mapped =
          switch (character) {
            case '+', '*' -> 'x';
            case '-' -> '_';
            case '@' -> 'a';
            case '|' -> 'l';
            default -> character;
          };
      if (isKept(mapped)) {
        reduced.appendCodePoint(mapped);
        replacing = false;
      } else if (!replacing) {
        reduced.append('_');
        replacing = true;
      }
    }
    return reduced.toString();
  }

  private static boolean isKept(int character) {
    return (character >= 'a' && character <= 'z')
        || (character >= 'A' && character <= 'Z')
        || character == '_'
        || Character.isDigit(character);
  }

  private static String replaceTrailingUnderscores(String name) {
    int end = name.length();
    while (end > 0 && name.charAt(end - 1) == '_') {
      end--;
    }
    return name.substring(0, end) + "x".repeat(name.length() - end);
  }
}
