package dev.dltjava.time;

/// Reads text that dlt takes for a date-time ([IsoText] tells the forms). Micros since
/// 1970-01-01T00:00Z; text without an offset is UTC; digits beyond microseconds are cut off. Points
/// in time that Python's `datetime` does not reach are none. One owner, one thread: the last result
/// is kept in the object, so that no row allocates.
public final class IsoDateTime {
  private static final long MICROS_PER_SECOND = 1_000_000;

  /// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, the ends of Python's `datetime`.
  private static final long MINIMUM_SECONDS = -62_135_596_800L;

  private static final long MAXIMUM_SECONDS = 253_402_300_799L;

  private final IsoText text = new IsoText();
  private long micros;

  /// Whether the text in a range is a date-time (a date alone is none); if so, [#micros()] holds
  /// it.
  public boolean parseDateTime(byte[] utf8, int from, int to) {
    return parseUsual(utf8, from, to)
        || (text.read(utf8, from, to) == IsoText.Kind.DATE_TIME && take());
  }

  /// Whether the text in a range is a date-time or a date alone, which is its midnight.
  public boolean parseDateTimeOrDate(byte[] utf8, int from, int to) {
    if (parseUsual(utf8, from, to)) {
      return true;
    }
    return switch (text.read(utf8, from, to)) {
      case DATE_TIME, DATE -> take();
      case TIME, NONE -> false;
    };
  }

  /// Reads the form that most APIs write.
  private boolean parseUsual(byte[] utf8, int from, int to) {
    micros = UtcText.micros(utf8, from, to);
    return micros != UtcText.NONE;
  }

  private boolean take() {
    long seconds = text.epochSecond();
    micros = seconds * MICROS_PER_SECOND + text.micros();
    return seconds >= MINIMUM_SECONDS && seconds <= MAXIMUM_SECONDS;
  }

  /// What the last successful call read.
  public long micros() {
    return micros;
  }
}
