package dev.dltjava.time;

/// Seconds since 1970-01-01T00:00Z as points in time, in micros since then; `Long.MIN_VALUE` for
/// those that Python's `datetime` does not reach.
public final class EpochSeconds {
  private static final long MINIMUM_SECONDS = -62_135_596_800L;
  private static final long MAXIMUM_SECONDS = 253_402_300_799L;
  private static final long MICROS_PER_SECOND = 1_000_000;

  private EpochSeconds() {}

  /// A whole number of seconds.
  public static long micros(long seconds) {
    boolean representable = seconds >= MINIMUM_SECONDS && seconds <= MAXIMUM_SECONDS;
    return representable ? seconds * MICROS_PER_SECOND : Long.MIN_VALUE;
  }

  /// Python's `datetime.fromtimestamp`: the fraction is rounded half to even.
  public static long micros(double seconds) {
    double whole = Math.floor(seconds);
    if (!(whole >= MINIMUM_SECONDS && whole <= MAXIMUM_SECONDS)) {
      return Long.MIN_VALUE;
    }
    return (long) whole * MICROS_PER_SECOND
        + (long) Math.rint((seconds - whole) * MICROS_PER_SECOND);
  }
}
