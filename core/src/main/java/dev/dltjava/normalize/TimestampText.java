package dev.dltjava.normalize;

import dev.dltjava.time.EpochSeconds;
import dev.dltjava.time.IsoDateTime;
import java.nio.charset.StandardCharsets;

/// Points in time in text, as dlt reads them into a column of that type: ISO 8601, or seconds since
/// 1970. One owner, one thread.
public final class TimestampText {
  private final IsoDateTime isoDateTime = new IsoDateTime();

  /// Micros since the epoch, `Long.MIN_VALUE` if the text is no point in time.
  public long micros(byte[] utf8, int from, int to) {
    if (isoDateTime.parseDateTimeOrDate(utf8, from, to)) {
      return isoDateTime.micros();
    }
    String text = new String(utf8, from, to - from, StandardCharsets.UTF_8);
    // Here, unlike for numbers, dlt takes no hexadecimal digits.
    boolean hexadecimal = text.indexOf('x') >= 0;
    return EpochSeconds.micros(
        hexadecimal ? Double.NaN : PythonNumber.real(text).orElse(Double.NaN));
  }
}
