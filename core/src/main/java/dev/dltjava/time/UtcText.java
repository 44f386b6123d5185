package dev.dltjava.time;

import java.time.Month;
import java.time.Year;

/// Reads `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`, one of the many forms that [IsoText] reads and the one
/// that most APIs write, in a tenth of the time.
final class UtcText {
  /// The text is something else.
  static final long NONE = Long.MIN_VALUE;

  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long SECONDS_PER_DAY = 86_400;

  /// Characters up to the second, and those of the longest fraction with its point.
  private static final int SECOND_END = 19;

  private static final int FRACTION = 7;

  /// Days from 0000-03-01, and those of 400 years.
  private static final long EPOCH = 719_468;

  private static final int DAYS_PER_ERA = 146_097;

  private UtcText() {}

  /// Micros since 1970-01-01T00:00Z, or [#NONE].
  static long micros(byte[] utf8, int from, int to) {
    int length = to - from;
    if (length <= SECOND_END
        || length > SECOND_END + FRACTION + 1
        || utf8[to - 1] != 'Z'
        || utf8[from + 4] != '-'
        || utf8[from + 7] != '-'
        || utf8[from + 10] != 'T'
        || utf8[from + 13] != ':'
        || utf8[from + 16] != ':') {
      return NONE;
    }
    // Negative from the first character on that is no digit.
    int year = two(utf8, from) * 100 + two(utf8, from + 2);
    int month = two(utf8, from + 5);
    int day = two(utf8, from + 8);
    int hour = two(utf8, from + 11);
    int minute = two(utf8, from + 14);
    int second = two(utf8, from + 17);
    if (two(utf8, from) < 0
        || two(utf8, from + 2) < 0
        || year < 1
        || month < 1
        || month > 12
        || day < 1
        || day > Month.of(month).length(Year.isLeap(year))
        || hour < 0
        || hour > 23
        || minute < 0
        || minute > 59
        || second < 0
        || second > 59) {
      return NONE;
    }
    int fraction = fraction(utf8, from + SECOND_END, to - 1);
    if (fraction < 0) {
      return NONE;
    }
    long seconds =
        epochDay(year, month, day) * SECONDS_PER_DAY + hour * 3_600 + minute * 60 + second;
    return seconds * MICROS_PER_SECOND + fraction;
  }

  /// The number of two digits, negative if they are none.
  private static int two(byte[] utf8, int at) {
    int tens = utf8[at] - '0';
    int ones = utf8[at + 1] - '0';
    return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
  }

  /// Micros of a point and one to six digits, or of nothing; negative for anything else.
  private static int fraction(byte[] utf8, int from, int to) {
    if (from == to) {
      return 0;
    }
    if (utf8[from] != '.' || from + 1 == to) {
      return -1;
    }
    int micros = 0;
    for (int i = from + 1; i < from + FRACTION; i++) {
      int digit = i < to ? utf8[i] - '0' : 0;
      if (digit < 0 || digit > 9) {
        return -1;
      }
      micros = micros * 10 + digit;
    }
    return micros;
  }

  /// After Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`: years
  /// that begin in March have the leap day at their end.
  private static long epochDay(int year, int month, int day) {
    int marchYear = month > 2 ? year : year - 1;
    int era = marchYear / 400;
    int yearOfEra = marchYear - era * 400;
    int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return (long) era * DAYS_PER_ERA + dayOfEra - EPOCH;
  }
}
