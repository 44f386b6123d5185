package dev.dltjava.naming;

import dev.dltjava.identity.Shake128;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// dlt's default naming convention, `snake_case`, name for name (`dlt/common/normalizers/naming`).
/// Names are made once per key, never per row. One owner, one thread.
public final class SnakeCase {
  /// Stands between the parts of a flattened column's or a child table's name.
  public static final String PATH_SEPARATOR = "__";

  /// What dlt calls a key without a visible character.
  private static final String EMPTY_KEY = "_empty";

  /// dlt's `_compute_tag` for its default collision probability of 0.001.
  private static final int TAG_BYTES = 4;

  private static final int TAG_CHARACTERS = 6;

  private static final Pattern WORD_BREAK = Pattern.compile("([^_])([A-Z][a-z]+)");
  private static final Pattern CASE_BREAK = Pattern.compile("([a-z0-9])([A-Z])");
  private static final Pattern UNDERSCORES = Pattern.compile("__+");

  private final int maximumLength;
  private final Shake128 hash = new Shake128();

  /// @param maximumLength longest name in characters, 0 for no limit
  public SnakeCase(int maximumLength) {
    if (maximumLength != 0 && maximumLength < TAG_CHARACTERS + 2) {
      throw new IllegalArgumentException(
          "maximum_identifier_length must be at least " + (TAG_CHARACTERS + 2));
    }
    this.maximumLength = maximumLength;
  }

  /// The name of a key as one part of a path; a key that holds `__` keeps its own parts.
  public String normalizeKey(String key) {
    return key.isBlank() ? EMPTY_KEY : normalizePath(key);
  }

  /// The name of a table or column given as a path with `__`.
  public String normalizePath(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split(PATH_SEPARATOR, -1)) {
      if (!part.isBlank()) {
        parts.add(normalizeIdentifier(part));
      }
    }
    return shorten(String.join(PATH_SEPARATOR, parts), path);
  }

  /// The name of a path of normalized parts, joined with [#PATH_SEPARATOR].
  public String shortenPath(String path) {
    return shorten(path, path);
  }

  private String normalizeIdentifier(String identifier) {
    String stripped = identifier.strip();
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

  private String shorten(String name, String original) {
    int length = name.codePointCount(0, name.length());
    if (maximumLength == 0 || length <= maximumLength) {
      return name;
    }
    String tag =
        hash.base64(original, TAG_BYTES)
            .replace('/', 'a')
            .replace('+', 'b')
            .toLowerCase(Locale.ROOT);
    int kept = maximumLength - TAG_CHARACTERS;
    int head = name.offsetByCodePoints(0, kept / 2 + kept % 2);
    int tail = name.offsetByCodePoints(name.length(), -(kept / 2));
    return name.substring(0, head) + tag + name.substring(tail);
  }
}
