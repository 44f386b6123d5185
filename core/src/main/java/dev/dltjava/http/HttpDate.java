package dev.dltjava.http;

import io.netty.handler.codec.DateFormatter;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/// Dates in headers (RFC 9110, section 5.6.7), as servers write them.
final class HttpDate {
  /// Netty throws for longer texts.
  private static final int LONGEST = 64;

  private HttpDate() {}

  /// The date, null if the text is none.
  static @Nullable Date parse(String text) {
    return text.isEmpty() || text.length() > LONGEST ? null : DateFormatter.parseHttpDate(text);
  }
}
