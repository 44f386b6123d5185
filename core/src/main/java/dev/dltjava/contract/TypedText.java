package dev.dltjava.contract;

import java.time.LocalDate;
import java.time.YearMonth;

/// Texts that stand for values of other types, in the one spelling of each that is loaded without
/// another look at it. Stateless.
final class TypedText {
  private static final int DATE_LENGTH = "2024-01-31".length();
  private static final int TIME_LENGTH = "12:00:00".length();
  private static final int OFFSET_LENGTH = "+01:00".length();
  private static final int FRACTION_DIGITS = 6;
  private static final String UUID_FORM = "00000000-0000-0000-0000-000000000000";

  private TypedText() {}

  /// The timestamp as Python's `isoformat` writes it, empty if it is spelled in another way than
  /// `2024-01-31T12:00:00.5Z`, fraction and offset left to choice.
  static String timestamp(String text) {
    int behindTime = DATE_LENGTH + 1 + TIME_LENGTH;
    if (text.length() < behindTime
        || date(text.substring(0, DATE_LENGTH)).isEmpty()
        || text.charAt(DATE_LENGTH) != 'T'
        || !isTime(text, DATE_LENGTH + 1)) {
      return "";
    }
    int at = behindTime;
    String fraction = "";
    if (at < text.length() && text.charAt(at) == '.') {
      int from = ++at;
      while (at < text.length() && isDigit(text.charAt(at))) {
        at++;
      }
      if (at == from || at - from > FRACTION_DIGITS) {
        return "";
      }
      String digits = text.substring(from, at);
      fraction = digits + "0".repeat(FRACTION_DIGITS - digits.length());
      // Python leaves out a fraction of zero.
      fraction = fraction.equals("0".repeat(FRACTION_DIGITS)) ? "" : "." + fraction;
    }
    String offset = text.substring(at);
    boolean isLocal = offset.isEmpty();
    if (!isLocal && !offset.equals("Z") && !isOffset(offset)) {
      return "";
    }
    return text.substring(0, behindTime) + fraction + (offset.equals("Z") ? "+00:00" : offset);
  }

  /// The date, empty if it is spelled in another way than `2024-01-31`.
  static String date(String text) {
    if (text.length() != DATE_LENGTH || text.charAt(4) != '-' || text.charAt(7) != '-') {
      return "";
    }
    int year = number(text, 0, 4);
    int month = number(text, 5, 2);
    int day = number(text, 8, 2);
    boolean isDate =
        year > 0
            && month > 0
            && month <= 12
            && day > 0
            && day <= YearMonth.of(year, month).lengthOfMonth();
    return isDate ? LocalDate.of(year, month, day).toString() : "";
  }

  /// The UUID, empty if it is spelled in another way than in lower case with hyphens.
  static String uuid(String text) {
    if (text.length() != UUID_FORM.length()) {
      return "";
    }
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      boolean isHex = isDigit(character) || (character >= 'a' && character <= 'f');
      if (UUID_FORM.charAt(i) == '-' ? character != '-' : !isHex) {
        return "";
      }
    }
    return text;
  }

  private static boolean isTime(String text, int at) {
    return text.charAt(at + 2) == ':'
        && text.charAt(at + 5) == ':'
        && isBelow(text, at, 24)
        && isBelow(text, at + 3, 60)
        && isBelow(text, at + 6, 60);
  }

  private static boolean isOffset(String offset) {
    return offset.length() == OFFSET_LENGTH
        && (offset.charAt(0) == '+' || offset.charAt(0) == '-')
        && offset.charAt(3) == ':'
        && isBelow(offset, 1, 24)
        && isBelow(offset, 4, 60)
        // Python has no negative zero.
        && !offset.equals("-00:00");
  }

  private static boolean isBelow(String text, int at, int limit) {
    int number = number(text, at, 2);
    return number >= 0 && number < limit;
  }

  /// Some digits as a number, -1 if they are none.
  private static int number(String text, int at, int digits) {
    int number = 0;
    for (int i = at; i < at + digits; i++) {
      char character = text.charAt(i);
      if (!isDigit(character)) {
        return -1;
      }
      number = number * 10 + character - '0';
    }
    return number;
  }

  private static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }
}
