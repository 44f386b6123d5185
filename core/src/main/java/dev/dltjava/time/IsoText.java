package dev.dltjava.time;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.temporal.IsoFields;
import java.time.temporal.WeekFields;

/// Reads text as dlt does where it looks for points in time: with pendulum's ISO 8601 parser
/// (`rust/src/parsing.rs`) and, if that refuses it, in pendulum's "common" form
/// (`pendulum/parsing/__init__.py`). One owner, one thread: the result is kept in the object, so
/// that no row allocates.
final class IsoText {
  /// What the last text was.
  enum Kind {
    NONE,
    DATE,
    TIME,
    DATE_TIME
  }

  private static final long SECONDS_PER_DAY = 86_400;
  private static final int MICRO_DIGITS = 6;

  private char[] text = new char[64];
  private int length;
  private int position;

  private boolean extended;
  private long day;
  private int hour;
  private int minute;
  private int second;
  private int micros;
  private int offset;

  /// Reads the text; what it says is kept if it is of some kind.
  Kind read(String candidate) {
    length = candidate.length();
    text = length > text.length ? new char[length] : text;
    candidate.getChars(0, length, text, 0);
    return read();
  }

  /// As [#read(String)], of the text in a range.
  Kind read(byte[] utf8, int from, int to) {
    length = to - from;
    text = length > text.length ? new char[length] : text;
    for (int i = 0; i < length; i++) {
      byte character = utf8[from + i];
      if (character < 0) {
        return read(new String(utf8, from, to - from, StandardCharsets.UTF_8));
      }
      text[i] = (char) character;
    }
    return read();
  }

  private Kind read() {
    Kind kind = iso();
    return kind == Kind.NONE ? common() : kind;
  }

  /// Days from 1970-01-01 to the date.
  long day() {
    return day;
  }

  /// Seconds from midnight to the time, which are less than 0 or more than a day's where an offset
  /// moves the time to another day of UTC.
  long secondOfDay() {
    return hour * 3_600L + minute * 60L + second - offset;
  }

  /// Seconds from 1970-01-01T00:00Z to the date and time.
  long epochSecond() {
    return day * SECONDS_PER_DAY + secondOfDay();
  }

  /// Microseconds behind the second.
  int micros() {
    return micros;
  }

  private void clear() {
    position = 0;
    extended = false;
    day = 0;
    hour = 0;
    minute = 0;
    second = 0;
    micros = 0;
    offset = 0;
  }

  private Kind iso() {
    clear();
    if (at(0, 'T')) {
      return time() && atEnd() && isTime() ? Kind.TIME : Kind.NONE;
    }
    if (at(2, ':')) {
      hour = digits(2);
      extended = true;
      return hour >= 0 && minuteOn() && atEnd() && isTime() ? Kind.TIME : Kind.NONE;
    }
    int year = digits(4);
    if (year < 1 || !date(year)) {
      return Kind.NONE;
    }
    if (atEnd()) {
      return Kind.DATE;
    }
    return time() && atEnd() && isTime() ? Kind.DATE_TIME : Kind.NONE;
  }

  private boolean date(int year) {
    extended = skip('-');
    if (skip('W')) {
      return weekDate(year);
    }
    int month = digits(2);
    if (month < 0) {
      return false;
    }
    if (extended && atTimeOrEnd()) {
      return setDate(year, month, 1);
    }
    if (extended && skip('-')) {
      return setDate(year, month, digits(2));
    }
    int third = digits(1);
    if (third < 0) {
      return false;
    }
    if (extended || atTimeOrEnd()) {
      return setDayOfYear(year, month * 10 + third);
    }
    int fourth = digits(1);
    return fourth >= 0 && setDate(year, month, third * 10 + fourth);
  }

  private boolean weekDate(int year) {
    int week = digits(2);
    int dayOfWeek = 1;
    if (!atTimeOrEnd()) {
      dayOfWeek = !extended || skip('-') ? digits(1) : -1;
    }
    LocalDate fourth = LocalDate.of(year, 1, 4);
    if (week < 0
        || week > IsoFields.WEEK_OF_WEEK_BASED_YEAR.rangeRefinedBy(fourth).getMaximum()
        || dayOfWeek < 0
        || dayOfWeek > 7) {
      return false;
    }
    // Week 0 and day 0 are those before the first.
    long firstMonday = fourth.with(WeekFields.ISO.dayOfWeek(), 1).toEpochDay();
    day = firstMonday + (week - 1) * 7L + dayOfWeek - 1;
    return true;
  }

  private boolean setDate(int year, int month, int dayOfMonth) {
    // Checked first: exceptions are slow, and most digits are no dates.
    if (month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > 31) {
      return false;
    }
    try {
      day = LocalDate.of(year, month, dayOfMonth).toEpochDay();
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private boolean setDayOfYear(int year, int dayOfYear) {
    LocalDate first = LocalDate.of(year, 1, 1);
    day = first.toEpochDay() + dayOfYear - 1;
    return dayOfYear >= 1 && dayOfYear <= first.lengthOfYear();
  }

  /// `T` or a space, and a time.
  private boolean time() {
    if (!skip('T') && !skip(' ')) {
      return false;
    }
    hour = digits(2);
    return hour >= 0 && minuteOn();
  }

  /// What follows the hour: `[[:]MM[[:]SS[(.|,)fraction]]][Z|±HH[[:]MM]]`.
  private boolean minuteOn() {
    if (!atOffsetOrEnd()) {
      boolean colons = skip(':');
      minute = digits(2);
      if (minute < 0) {
        return false;
      }
      if (!atOffsetOrEnd()) {
        if (colons && !skip(':')) {
          return false;
        }
        second = digits(2);
        if (second < 0 || !fraction()) {
          return false;
        }
        // Parts with and without separators do not go together; without seconds pendulum looks
        // away.
        if (colons && !extended) {
          return false;
        }
      }
      if (!colons && extended) {
        return false;
      }
    }
    return offset();
  }

  private boolean fraction() {
    return (!skip('.') && !skip(',')) || fractionDigits(MICRO_DIGITS, Integer.MAX_VALUE, false);
  }

  /// Digits behind a decimal point; those behind the microseconds are cut off.
  private boolean fractionDigits(int kept, int most, boolean unicode) {
    int start = position;
    micros = 0;
    int value;
    while (position - start < most && (value = digit(unicode)) >= 0) {
      if (position - start < kept) {
        micros = micros * 10 + value;
      }
      position++;
    }
    for (int count = position - start; count < kept; count++) {
      micros *= 10;
    }
    return position > start;
  }

  private boolean offset() {
    if (skip('Z')) {
      return true;
    }
    boolean west = at(position, '-');
    if (!west && !at(position, '+')) {
      return true;
    }
    position++;
    int hours = digits(2);
    skip(':');
    int minutes = atEnd() ? 0 : digits(2);
    int sum = hours * 60 + minutes;
    // dlt fails on a whole day and more.
    if (hours < 0 || minutes < 0 || sum >= 24 * 60) {
      return false;
    }
    offset = west ? -sum * 60 : sum * 60;
    return true;
  }

  private boolean isTime() {
    return hour <= 23 && minute <= 59 && second <= 59;
  }

  /// `[YYYY[[/:]MM[/:]DD]][[ ]H[H]:M[M][:S[S]][(.|,)fraction]]`, in any digits of Unicode.
  private Kind common() {
    clear();
    int year = commonDigits(4, 4);
    if (year < 0) {
      position = 0;
      return commonTime() && isTime() ? Kind.TIME : Kind.NONE;
    }
    int afterYear = position;
    skipDateSeparator();
    int month = commonDigits(2, 2);
    skipDateSeparator();
    int dayOfMonth = month < 0 ? -1 : commonDigits(2, 2);
    boolean timed = !atEnd();
    if (dayOfMonth < 0 || (timed && !commonTime())) {
      // The digits may be those of the time.
      position = afterYear;
      month = 1;
      dayOfMonth = 1;
      hour = 0;
      minute = 0;
      second = 0;
      micros = 0;
      timed = !atEnd();
      if (timed && !commonTime()) {
        return Kind.NONE;
      }
    }
    if (year < 1 || !setDate(year, month, dayOfMonth) || !isTime()) {
      return Kind.NONE;
    }
    return timed ? Kind.DATE_TIME : Kind.DATE;
  }

  private boolean commonTime() {
    skip(' ');
    hour = commonDigits(1, 2);
    if (hour < 0 || !skip(':')) {
      return false;
    }
    minute = commonDigits(1, 2);
    if (minute < 0) {
      return false;
    }
    if (skip(':')) {
      second = commonDigits(1, 2);
    }
    if (second < 0) {
      return false;
    }
    boolean point = skip('.') || skip(',') || skip('|');
    return (!point || fractionDigits(MICRO_DIGITS, 9, true)) && atEnd();
  }

  private void skipDateSeparator() {
    if (!skip('/')) {
      skip(':');
    }
  }

  private boolean atEnd() {
    return position == length;
  }

  private boolean atTimeOrEnd() {
    return atEnd() || at(position, ' ') || at(position, 'T');
  }

  private boolean atOffsetOrEnd() {
    return atEnd() || at(position, 'Z') || at(position, '+') || at(position, '-');
  }

  private boolean at(int index, char expected) {
    return index < length && text[index] == expected;
  }

  private boolean skip(char expected) {
    if (!at(position, expected)) {
      return false;
    }
    position++;
    return true;
  }

  /// The number of exactly `count` ASCII digits, -1 if they are not all there.
  private int digits(int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      int digit = digit(false);
      if (digit < 0) {
        return -1;
      }
      value = value * 10 + digit;
      position++;
    }
    return value;
  }

  /// The number of `least` to `most` digits, -1 if they are not there.
  private int commonDigits(int least, int most) {
    int start = position;
    int value = 0;
    int digit;
    while (position - start < most && (digit = digit(true)) >= 0) {
      value = value * 10 + digit;
      position++;
    }
    return position - start < least ? -1 : value;
  }

  /// The digit at the position, -1 if there is none.
  private int digit(boolean unicode) {
    if (position >= length) {
      return -1;
    }
    char character = text[position];
    if (character >= '0' && character <= '9') {
      return character - '0';
    }
    return unicode && Character.isDigit(character) ? Character.digit(character, 10) : -1;
  }
}
