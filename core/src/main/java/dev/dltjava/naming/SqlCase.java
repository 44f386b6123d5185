package dev.dltjava.naming;

import java.util.Locale;
import java.util.regex.Pattern;

/// dlt's `sql_cs_v1`, which keeps the case of letters, and `sql_ci_v1`, which does not: letters and
/// digits that every database takes without quotes.
final class SqlCase extends NamingConvention {
  private static final Pattern OTHERS = Pattern.compile("[^a-zA-Z\\p{Nd}_]+");
  private static final Pattern LAST_UNDERSCORES = Pattern.compile("_+$");
  private static final Pattern UNDERSCORES = Pattern.compile("__+");

  private final boolean caseSensitive;

  SqlCase(boolean caseSensitive, int maximumLength) {
    super("__", maximumLength);
    this.caseSensitive = caseSensitive;
  }

  @Override
  String normalizeIdentifier(String stripped) {
    String name = OTHERS.matcher(stripped).replaceAll("_");
    if (Character.isDigit(name.codePointAt(0))) {
      name = "_" + name;
    }
    if (!name.equals("_")) {
      name = LAST_UNDERSCORES.matcher(name).replaceAll("");
    }
    String shortened = shorten(UNDERSCORES.matcher(name).replaceAll("_"), stripped);
    return caseSensitive ? shortened : shortened.toLowerCase(Locale.ROOT);
  }
}
