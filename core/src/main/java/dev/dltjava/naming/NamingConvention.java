package dev.dltjava.naming;

import dev.dltjava.identity.Shake128;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One of dlt's naming conventions, name for name (`dlt/common/normalizers/naming`). Names are made
/// once per key, never per row. One owner, one thread.
public abstract sealed class NamingConvention
    permits SnakeCase, SqlCase, Direct, DuckCase, CallerNaming {
  /// What dlt calls a key without a visible character.
  static final String EMPTY_KEY = "_empty";

  /// dlt's `_compute_tag` for its default collision probability of 0.001.
  private static final int TAG_BYTES = 4;

  private static final int TAG_CHARACTERS = 6;

  private final String pathSeparator;
  private final int maximumLength;
  private final Shake128 hash = new Shake128();

  /// @param pathSeparator stands between the parts of a flattened column's or a child table's name
  /// @param maximumLength longest name in characters, 0 for no limit
  NamingConvention(String pathSeparator, int maximumLength) {
    if (maximumLength != 0 && maximumLength < TAG_CHARACTERS + 2) {
      throw new IllegalArgumentException(
          "maximum_identifier_length must be at least " + (TAG_CHARACTERS + 2));
    }
    this.pathSeparator = pathSeparator;
    this.maximumLength = maximumLength;
  }

  /// The name of a key as one part of a path; a key that holds the separator keeps its own parts.
  public String normalizeKey(String key) {
    return PythonText.isBlank(key) ? EMPTY_KEY : normalizePath(key);
  }

  /// The name of a table or column given as a path.
  public final String normalizePath(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split(pathSeparator, -1)) {
      if (!PythonText.isBlank(part)) {
        String name = normalizeIdentifier(PythonText.strip(part));
        if (!PythonText.isBlank(name)) {
          parts.add(name);
        }
      }
    }
    return shorten(String.join(pathSeparator, parts), path);
  }

  /// A path of normalized parts, joined, not shortened. Nothing is left of some keys, such as `__`:
  /// they are no part of a path.
  ///
  /// @param parent a joined path
  public final String join(String parent, String part) {
    if (parent.isEmpty() || part.isEmpty()) {
      return parent + part;
    }
    return parent + pathSeparator + part;
  }

  /// The name of a path of normalized parts that [#join(String, String)] made.
  public final String shortenPath(String path) {
    return shorten(path, path);
  }

  /// The name of one part of a path.
  ///
  /// @param stripped not blank, without white space around it
  abstract String normalizeIdentifier(String stripped);

  final String shorten(String name, String original) {
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

  /// Puts underscores in the place of some characters.
  static String underscored(String name, String replaced) {
    StringBuilder cleaned = new StringBuilder(name);
    for (int i = 0; i < cleaned.length(); i++) {
      if (replaced.indexOf(cleaned.charAt(i)) >= 0) {
        cleaned.setCharAt(i, '_');
      }
    }
    return cleaned.toString();
  }
}
