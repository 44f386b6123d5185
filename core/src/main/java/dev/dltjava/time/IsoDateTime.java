package dev.dltjava.time;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.temporal.IsoFields;
import java.time.temporal.WeekFields;

/// Reads text that dlt takes for a date-time: what pendulum's ISO 8601 parser accepts, and
/// pendulum's "common" form with slashes. Micros since 1970-01-01T00:00Z; text without an offset is
/// UTC; digits beyond microseconds are cut off. One owner, one thread: the last result is kept in
/// the object, so that no row allocates.
public final class IsoDateTime {
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long SECONDS_PER_DAY = 86_400;

  /// No ISO form is longer; a longer text is not looked at.
  private static final int LONGEST = 40;

  private static final byte[] NO_TEXT = new byte[0];

  private byte[] text = NO_TEXT;
  private int begin;
  private int length;
  private int position;
  private long micros;

  /// Whether the text in a range is a date-time (a date alone is none); if so, [#micros()] holds
  /// it.
  public boolean parseDateTime(byte[] utf8, int from, int to) {
    if (!start(utf8, from, to)) {
      return false;
    }
    long day = date();
    if (day == Long.MIN_VALUE || position == length) {
      return false;
    }
    byte separator = text[begin + position];
    if (separator != 'T' && separator != ' ') {
      return false;
    }
    position++;
    return time(day);
  }

  /// Whether the text in a range is a date-time or a date alone, which is its midnight.
  public boolean parseDateTimeOrDate(byte[] utf8, int from, int to) {
    if (parseDateTime(utf8, from, to)) {
      return true;
    }
    if (!start(utf8, from, to)) {
      return false;
    }
    long day = date();
    if (day == Long.MIN_VALUE || position != length) {
      return false;
    }
    micros = day * SECONDS_PER_DAY * MICROS_PER_SECOND;
    return true;
  }

  /// What the last successful call read.
  public long micros() {
    return micros;
  }

  private boolean start(byte[] utf8, int from, int to) {
    text = utf8;
    begin = from;
    length = to - from;
    position = 0;
    // The shortest is 2024-001T10, the first four are always the year.
    return length >= 4 && length <= LONGEST && digits(0, 4) >= 0;
  }

  /// The day since the epoch, or `Long.MIN_VALUE`.
  private long date() {
    int year = digits(0, 4);
    position = 4;
    if (year < 1) {
      return Long.MIN_VALUE;
    }
    try {
      boolean dashed = at(4, '-');
      boolean slashed = at(4, '/');
      int next = dashed || slashed ? 5 : 4;
      if (!slashed && at(next, 'W')) {
        return weekDate(year, next + 1, dashed);
      }
      int run = digitRun(next);
      if (run == 3 && !slashed) {
        position = next + 3;
        return LocalDate.ofYearDay(year, digits(next, 3)).toEpochDay();
      }
      if (dashed || slashed) {
        char separator = dashed ? '-' : '/';
        if (run != 2 || !at(next + 2, separator) || digitRun(next + 3) < 2) {
          return Long.MIN_VALUE;
        }
        position = next + 5;
        return LocalDate.of(year, digits(next, 2), digits(next + 3, 2)).toEpochDay();
      }
      if (run != 4) {
        return Long.MIN_VALUE;
      }
      position = next + 4;
      return LocalDate.of(year, digits(next, 2), digits(next + 2, 2)).toEpochDay();
    } catch (DateTimeException e) {
      return Long.MIN_VALUE;
    }
  }

  private long weekDate(int year, int start, boolean dashed) {
    int week = digits(start, 2);
    int dayAt = dashed ? start + 3 : start + 2;
    boolean hasDay = dashed ? at(start + 2, '-') : digitRun(dayAt) >= 1;
    int day = hasDay ? digits(dayAt, 1) : 1;
    if (week < 1 || day < 1 || day > 7) {
      return Long.MIN_VALUE;
    }
    position = hasDay ? dayAt + 1 : start + 2;
    LocalDate fourth = LocalDate.of(year, 1, 4);
    if (week > IsoFields.WEEK_OF_WEEK_BASED_YEAR.rangeRefinedBy(fourth).getMaximum()) {
      return Long.MIN_VALUE;
    }
    return fourth
        .with(WeekFields.ISO.weekOfWeekBasedYear(), week)
        .with(WeekFields.ISO.dayOfWeek(), day)
        .toEpochDay();
  }

  /// HH[[:]MM[[:]SS[(.|,)fraction]]][Z|±HH[[:]MM]] to the end of the text.
  private boolean time(long day) {
    int hour = digits(position, 2);
    position += 2;
    int minute = 0;
    int second = 0;
    long fraction = 0;
    boolean colons = at(position, ':');
    if (colons || digitRun(position) >= 2) {
      position += colons ? 1 : 0;
      minute = digits(position, 2);
      position += 2;
      boolean secondsFollow = colons ? at(position, ':') : digitRun(position) >= 2;
      if (secondsFollow) {
        position += colons ? 1 : 0;
        second = digits(position, 2);
        position += 2;
        if (at(position, '.') || at(position, ',')) {
          position++;
          fraction = fractionMicros();
        }
      }
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
      return false;
    }
    if (fraction < 0) {
      return false;
    }
    long offset = offsetSeconds();
    if (offset == Long.MIN_VALUE || position != length) {
      return false;
    }
    long seconds = day * SECONDS_PER_DAY + hour * 3_600L + minute * 60L + second - offset;
    micros = seconds * MICROS_PER_SECOND + fraction;
    return true;
  }

  private long fractionMicros() {
    int run = digitRun(position);
    if (run == 0) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < 6; i++) {
      value = value * 10 + (i < run ? text[begin + position + i] - '0' : 0);
    }
    position += run;
    return value;
  }

  /// Seconds east of UTC; 0 if nothing follows; `Long.MIN_VALUE` if it is not an offset.
  private long offsetSeconds() {
    if (position == length) {
      return 0;
    }
    byte sign = text[begin + position];
    if (sign == 'Z') {
      position++;
      return 0;
    }
    if (sign != '+' && sign != '-') {
      return Long.MIN_VALUE;
    }
    int hours = digits(position + 1, 2);
    position += 3;
    int minutes = 0;
    if (at(position, ':')) {
      position++;
      minutes = digits(position, 2);
      position += 2;
    } else if (digitRun(position) > 0) {
      minutes = digits(position, 2);
      position += 2;
    }
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
      return Long.MIN_VALUE;
    }
    long seconds = hours * 3_600L + minutes * 60L;
    return sign == '-' ? -seconds : seconds;
  }

  private boolean at(int index, char expected) {
    return index < length && text[begin + index] == expected;
  }

  private int digitRun(int start) {
    int end = start;
    while (end < length && isDigit(text[begin + end])) {
      end++;
    }
    return end - start;
  }

  /// The number of exactly `count` digits from `start`, -1 if they are not all there.
  private int digits(int start, int count) {
    if (start + count > length) {
      return -1;
    }
    int value = 0;
    for (int i = start; i < start + count; i++) {
      byte character = text[begin + i];
      if (!isDigit(character)) {
        return -1;
      }
      value = value * 10 + (character - '0');
    }
    return value;
  }

  private static boolean isDigit(byte character) {
    return character >= '0' && character <= '9';
  }
}
