package dev.dltjava.naming;

/// dlt's `direct`: names stay as they are, but for line ends and quotes.
final class Direct extends NamingConvention {
  private static final String SEPARATOR = "▶";

  Direct(int maximumLength) {
    super(SEPARATOR, maximumLength);
  }

  @Override
  String normalizeIdentifier(String stripped) {
    return shorten(underscored(stripped, "\n\r'\"" + SEPARATOR), stripped);
  }
}
