package dev.dltjava.time;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads text that dlt takes for a time of day where a column is known to hold times: what
/// pendulum's ISO 8601 parser accepts, and pendulum's "common" form with single digits. A time with
/// an offset is moved to UTC.
public final class IsoTime {
  private static final String OFFSET = "(?<offset>Z|[+-][0-9]{2}(?::?[0-9]{2})?)?";

  private static final Pattern EXTENDED =
      Pattern.compile(
          "(?<hour>[0-9]{2}):(?<minute>[0-9]{2})"
              + "(?::(?<second>[0-9]{2})(?:[.,](?<fraction>[0-9]+))?)?"
              + OFFSET);

  /// Behind a `T`, pendulum knows colons only without seconds.
  private static final Pattern PREFIXED =
      Pattern.compile("T(?<hour>[0-9]{2}):(?<minute>[0-9]{2})" + OFFSET);

  private static final Pattern PREFIXED_BASIC =
      Pattern.compile(
          "T(?<hour>[0-9]{2})"
              + "(?:(?<minute>[0-9]{2})(?:(?<second>[0-9]{2})(?:[.,](?<fraction>[0-9]+))?)?)?"
              + OFFSET);

  private static final Pattern COMMON =
      Pattern.compile(
          " ?(?<hour>[0-9]{1,2}):(?<minute>[0-9]{1,2})(?::(?<second>[0-9]{1,2}))?"
              + "(?:[.,](?<fraction>[0-9]{1,9}))?(?<offset>)");

  private static final long SECONDS_PER_DAY = 86_400;
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final int FRACTION_DIGITS = 6;

  private IsoTime() {}

  /// Micros since midnight, empty if the text is no time.
  public static OptionalLong micros(String text) {
    for (Pattern pattern : new Pattern[] {EXTENDED, PREFIXED, PREFIXED_BASIC, COMMON}) {
      Matcher matcher = pattern.matcher(text);
      if (matcher.matches()) {
        return micros(matcher);
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong micros(Matcher time) {
    boolean brief = !time.namedGroups().containsKey("second");
    int hour = number(time.group("hour"));
    int minute = number(time.group("minute"));
    int second = brief ? 0 : number(time.group("second"));
    @Nullable String fraction = brief ? null : time.group("fraction");
    @Nullable String offset = time.group("offset");
    int offsetHours = 0;
    int offsetMinutes = 0;
    if (offset != null && offset.length() > 1) {
      String digits = offset.substring(1).replace(":", "");
      offsetHours = Integer.parseInt(digits.substring(0, 2));
      offsetMinutes = digits.length() == 2 ? 0 : Integer.parseInt(digits.substring(2));
    }
    if (hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59) {
      return OptionalLong.empty();
    }
    long east = (offsetHours * 60L + offsetMinutes) * 60L;
    long seconds = hour * 3_600L + minute * 60L + second;
    seconds += offset != null && offset.startsWith("-") ? east : -east;
    return OptionalLong.of(
        Math.floorMod(seconds, SECONDS_PER_DAY) * MICROS_PER_SECOND + fractionMicros(fraction));
  }

  private static int number(@Nullable String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  /// Digits beyond microseconds are cut off.
  private static int fractionMicros(@Nullable String digits) {
    return digits == null
        ? 0
        : Integer.parseInt((digits + "0".repeat(FRACTION_DIGITS)).substring(0, FRACTION_DIGITS));
  }
}
