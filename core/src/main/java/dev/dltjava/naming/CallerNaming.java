package dev.dltjava.naming;

import java.util.function.UnaryOperator;

/// A naming convention that only the caller knows, asked once per key.
final class CallerNaming extends NamingConvention {
  private final UnaryOperator<String> namer;

  /// @param namer makes the name of a key
  CallerNaming(String pathSeparator, int maximumLength, UnaryOperator<String> namer) {
    super(pathSeparator, maximumLength);
    this.namer = namer;
  }

  @Override
  public String normalizeKey(String key) {
    return PythonText.isBlank(key) ? EMPTY_KEY : namer.apply(key);
  }

  @Override
  String normalizeIdentifier(String stripped) {
    return namer.apply(stripped);
  }
}
