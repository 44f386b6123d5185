package dev.dltjava.normalize;

import java.util.Locale;
import java.util.Optional;

/// Booleans in text, as dlt's `str2bool` reads them.
public final class BooleanText {
  private BooleanText() {}

  /// Empty if the text is no boolean.
  public static Optional<Boolean> read(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "yes", "true", "t", "y", "1" -> Optional.of(true);
      case "no", "false", "f", "n", "0" -> Optional.of(false);
      default -> Optional.empty();
    };
  }
}
