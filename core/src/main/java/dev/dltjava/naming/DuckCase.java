package dev.dltjava.naming;

import java.util.regex.Pattern;

/// dlt's `duck_case`: all characters stay but line ends and double quotes.
final class DuckCase extends NamingConvention {
  private static final Pattern UNDERSCORES = Pattern.compile("__+");

  DuckCase(int maximumLength) {
    super("__", maximumLength);
  }

  @Override
  String normalizeIdentifier(String stripped) {
    String cleaned = underscored(stripped, "\n\r\"");
    return shorten(UNDERSCORES.matcher(cleaned).replaceAll("_"), stripped);
  }
}
