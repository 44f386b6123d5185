package dev.dltjava.json;

/// Doubles as text, with the shortest digits that read back to the same value, laid out as the
/// programs do whose output dlt stores.
public final class FloatText {
  private FloatText() {}

  /// As Python's `str`: `1.5`, `1e+22`, `1e-05`.
  public static String python(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }
    Digits digits = Digits.of(value);
    if (digits.point() > -4 && digits.point() <= 16) {
      return digits.positional();
    }
    int exponent = digits.point() - 1;
    String sign = exponent < 0 ? "-" : "+";
    String magnitude = Integer.toString(Math.abs(exponent));
    return digits.mantissa() + "e" + sign + (magnitude.length() < 2 ? "0" : "") + magnitude;
  }

  /// As orjson, with which dlt writes JSON columns: `1.5`, `1e+22`, `0.00001`. Values that JSON
  /// does not have become `null`.
  public static String orjson(double value) {
    if (!Double.isFinite(value)) {
      return "null";
    }
    Digits digits = Digits.of(value);
    if (digits.point() > -5 && digits.point() <= 16) {
      return digits.positional();
    }
    int exponent = digits.point() - 1;
    return digits.mantissa() + "e" + (exponent < 0 ? "" : "+") + exponent;
  }

  /// @param sign `-` or nothing
  /// @param significant the digits without leading and trailing zeros, at least one
  /// @param point where the decimal point stands, counted from the first digit
  private record Digits(String sign, String significant, int point) {
    static Digits of(double value) {
      // Shortest since JDK 19 (Raffaello Giulietti's algorithm).
      String text = Double.toString(Math.abs(value));
      int exponentAt = text.indexOf('E');
      int exponent = exponentAt < 0 ? 0 : Integer.parseInt(text.substring(exponentAt + 1));
      String mantissa = exponentAt < 0 ? text : text.substring(0, exponentAt);
      int dot = mantissa.indexOf('.');
      String all = mantissa.substring(0, dot) + mantissa.substring(dot + 1);
      int point = dot + exponent;
      int start = 0;
      while (start < all.length() - 1 && all.charAt(start) == '0') {
        start++;
        point--;
      }
      int end = all.length();
      while (end > start + 1 && all.charAt(end - 1) == '0') {
        end--;
      }
      String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
      String significant = all.substring(start, end);
      if (significant.equals("0")) {
        return new Digits(sign, significant, 1);
      }
      return new Digits(sign, oneDigitIfExact(significant, point, Math.abs(value)), point);
    }

    /// Java writes two digits where one would do: 4.9E-324 for 5e-324.
    private static String oneDigitIfExact(String significant, int point, double value) {
      if (significant.length() != 2 || significant.startsWith("9")) {
        return significant;
      }
      int rounded = (Integer.parseInt(significant) + 5) / 10;
      boolean exact = Double.parseDouble(rounded + "E" + (point - 1)) == value;
      return exact ? Integer.toString(rounded) : significant;
    }

    String positional() {
      if (point <= 0) {
        return sign + "0." + "0".repeat(-point) + significant;
      }
      if (significant.length() <= point) {
        return sign + significant + "0".repeat(point - significant.length()) + ".0";
      }
      return sign + significant.substring(0, point) + "." + significant.substring(point);
    }

    String mantissa() {
      return sign
          + significant.charAt(0)
          + (significant.length() > 1 ? "." + significant.substring(1) : "");
    }
  }
}
