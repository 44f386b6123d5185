package dev.dltjava.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// What fuzz targets make of their input.
public final class Bytes {
  private Bytes() {}

  /// Throws if what was promised is not so.
  public static void require(boolean promised, String message) {
    if (!promised) {
      throw new AssertionError(message);
    }
  }

  /// The texts of an input, a line each, as header lines have them: in Latin-1.
  ///
  /// @return at least `count`
  public static List<String> lines(byte[] input, int count) {
    String text = new String(input, StandardCharsets.ISO_8859_1) + "\n".repeat(count - 1);
    return List.of(text.split("\n", -1));
  }
}
