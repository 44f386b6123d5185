package dev.dltjava.time;

import java.util.OptionalLong;

/// Reads text that dlt takes for a time of day where a column is known to hold times ([IsoText]
/// tells the forms). A time with an offset is moved to UTC.
public final class IsoTime {
  private static final long SECONDS_PER_DAY = 86_400;
  private static final long MICROS_PER_SECOND = 1_000_000;

  private IsoTime() {}

  /// Micros since midnight, empty if the text is no time.
  public static OptionalLong micros(String text) {
    IsoText read = new IsoText();
    if (read.read(text) != IsoText.Kind.TIME) {
      return OptionalLong.empty();
    }
    long second = Math.floorMod(read.secondOfDay(), SECONDS_PER_DAY);
    return OptionalLong.of(second * MICROS_PER_SECOND + read.micros());
  }
}
