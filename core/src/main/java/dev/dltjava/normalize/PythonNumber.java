package dev.dltjava.normalize;

import dev.dltjava.naming.PythonText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbers in text, as Python's `int`, `float` and `Decimal` read them, and dlt's `0x` before them.
public final class PythonNumber {
  private static final String DIGITS = "[0-9]+(?:_[0-9]+)*";

  /// Underscores may stand between digits.
  private static final Pattern INTEGER = Pattern.compile("[+-]?" + DIGITS);

  private static final Pattern HEXADECIMAL =
      Pattern.compile("(?<sign>[+-]?)(?:0[xX]_?)?(?<digits>[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)");

  private static final Pattern REAL =
      Pattern.compile(
          "[+-]?(?:(?:"
              + DIGITS
              + ")\\.?(?:"
              + DIGITS
              + ")?|\\."
              + DIGITS
              + ")"
              + "(?:[eE][+-]?"
              + DIGITS
              + ")?");

  private static final Pattern NOT_FINITE =
      Pattern.compile("[+-]?(?:nan|inf|infinity)", Pattern.CASE_INSENSITIVE);

  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?");

  /// No column holds a number that needs more characters; reading longer ones takes long.
  private static final int LONGEST = 4_096;

  private PythonNumber() {}

  /// As dlt reads an integer, empty if it is none.
  public static Optional<BigInteger> integer(String text) {
    String candidate = candidate(text);
    if (candidate.startsWith("0x")) {
      return hexadecimal(candidate);
    }
    return INTEGER.matcher(candidate).matches()
        ? Optional.of(new BigInteger(candidate.replace("_", "")))
        : Optional.empty();
  }

  /// As dlt reads a float, which may be infinite or NaN, empty if it is none.
  public static OptionalDouble real(String text) {
    String candidate = candidate(text);
    if (candidate.startsWith("0x")) {
      // Python refuses integers that are too large for a double.
      double value = hexadecimal(candidate).map(BigInteger::doubleValue).orElse(Double.NaN);
      return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }
    if (REAL.matcher(candidate).matches()) {
      return OptionalDouble.of(Double.parseDouble(candidate.replace("_", "")));
    }
    if (NOT_FINITE.matcher(candidate).matches()) {
      String name = candidate.toLowerCase(Locale.ROOT);
      double value =
          name.contains("nan")
              ? Double.NaN
              : name.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      return OptionalDouble.of(value);
    }
    return OptionalDouble.empty();
  }

  /// Infinities and NaN, which no database's decimals have, count as no number.
  static Optional<BigDecimal> decimal(String text) {
    String candidate = candidate(text);
    if (candidate.startsWith("0x")) {
      return hexadecimal(candidate).map(BigDecimal::new);
    }
    String digits = candidate.replace("_", "");
    return DECIMAL.matcher(digits).matches()
        ? Optional.of(new BigDecimal(digits))
        : Optional.empty();
  }

  private static Optional<BigInteger> hexadecimal(String candidate) {
    Matcher matcher = HEXADECIMAL.matcher(PythonText.strip(candidate.substring("0x".length())));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    BigInteger magnitude = new BigInteger(matcher.group("digits").replace("_", ""), 16);
    return Optional.of(matcher.group("sign").equals("-") ? magnitude.negate() : magnitude);
  }

  /// Without white space around it, and with digits of other scripts as ASCII digits.
  private static String candidate(String text) {
    String stripped = PythonText.strip(text);
    if (stripped.length() > LONGEST) {
      return "";
    }
    if (stripped.chars().allMatch(character -> character < 0x80)) {
      return stripped;
    }
    StringBuilder ascii = new StringBuilder(stripped.length());
    stripped
        .codePoints()
        .forEach(
            point -> {
              if (Character.isDigit(point)) {
                ascii.append(Character.digit(point, 10));
              } else {
                ascii.appendCodePoint(point);
              }
            });
    return ascii.toString();
  }
}
