package dev.dltjava.json;

import java.math.BigInteger;

/// Decimal numbers to the nearest double, ties to even.
///
/// After Daniel Lemire, "Number Parsing at a Gigabyte per Second" (2021), with the proof of Mushtak
/// and Lemire, "Fast Number Parsing Without Fallback" (2023), that 128 bits of the power of five
/// decide every case of up to 19 digits.
final class Doubles {
  /// The most decimal digits that always fit into 64 bits, unsigned.
  static final int MOST_DIGITS = 19;

  private static final int SMALLEST_POWER = -342;
  private static final int LARGEST_POWER = 308;

  private static final int MANTISSA_BITS = 52;
  private static final int EXPONENT_BIAS = 1023;
  private static final int INFINITE_EXPONENT = 2047;

  /// Whole numbers up to here, and powers of ten up to 10^22, are doubles themselves: one division
  /// or multiplication then rounds once.
  private static final long EXACT = 1L << 53;

  private static final double[] EXACT_POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private static final int BITS = 2 * Long.SIZE;

  /// From here on 5^-q fits into 64 bits: the reciprocal rounded up decides the products that are
  /// whole numbers.
  private static final int LEAST_ROUNDED_UP = -27;

  /// The top 128 bits of 5^q for all powers q in turn.
  private static final long[] HIGH = new long[LARGEST_POWER - SMALLEST_POWER + 1];

  private static final long[] LOW = new long[HIGH.length];

  static {
    for (int power = SMALLEST_POWER; power <= LARGEST_POWER; power++) {
      BigInteger five = BigInteger.valueOf(5).pow(Math.abs(power));
      BigInteger bits =
          power >= 0
              ? five.shiftLeft(BITS).shiftRight(five.bitLength())
              : BigInteger.ONE.shiftLeft(five.bitLength() + BITS - 1).divide(five);
      if (power < 0 && power >= LEAST_ROUNDED_UP) {
        bits = bits.add(BigInteger.ONE);
      }
      HIGH[power - SMALLEST_POWER] = bits.shiftRight(Long.SIZE).longValue();
      LOW[power - SMALLEST_POWER] = bits.longValue();
    }
  }

  private Doubles() {}

  /// The double nearest to `digits` / 10^`places`.
  ///
  /// @param digits not negative
  /// @param places 0 to 22
  static double ofFraction(long digits, int places) {
    return digits <= EXACT ? digits / EXACT_POWERS[places] : ofProduct(digits, -places);
  }

  /// The double nearest to `digits` · 10^`power`.
  ///
  /// @param digits unsigned
  static double of(long digits, int power) {
    if (digits >= 0 && digits <= EXACT && power >= -22 && power <= 22) {
      return power < 0 ? digits / EXACT_POWERS[-power] : digits * EXACT_POWERS[power];
    }
    if (digits == 0 || power < SMALLEST_POWER) {
      return 0;
    }
    return power > LARGEST_POWER ? Double.POSITIVE_INFINITY : ofProduct(digits, power);
  }

  private static double ofProduct(long digits, int power) {
    int zeros = Long.numberOfLeadingZeros(digits);
    long normalized = digits << zeros;
    long five = HIGH[power - SMALLEST_POWER];
    long high = Math.unsignedMultiplyHigh(normalized, five);
    long low = normalized * five;
    // The lower half of the power can carry into the bits that count only if all below are ones.
    long undecided = -1L >>> MANTISSA_BITS + 3;
    if ((high & undecided) == undecided) {
      long carry = Math.unsignedMultiplyHigh(normalized, LOW[power - SMALLEST_POWER]);
      low += carry;
      if (Long.compareUnsigned(low, carry) < 0) {
        high++;
      }
    }
    int top = (int) (high >>> 63);
    int shift = top + Long.SIZE - MANTISSA_BITS - 3;
    // One bit more than the mantissa has, to round by.
    long mantissa = high >>> shift;
    // 217706 / 2^16 approximates the binary logarithm of ten.
    int exponent = (217_706 * power >> 16) + Long.SIZE - 1 + top - zeros + EXPONENT_BIAS;
    if (exponent <= 0) {
      return subnormal(mantissa, exponent);
    }
    // Exactly between two doubles: to the even one.
    boolean tie = Long.compareUnsigned(low, 1) <= 0 && power >= -4 && power <= 23;
    if (tie && (mantissa & 3) == 1 && mantissa << shift == high) {
      mantissa &= ~1;
    }
    mantissa = (mantissa + (mantissa & 1)) >>> 1;
    if (mantissa == 2L << MANTISSA_BITS) {
      mantissa = 1L << MANTISSA_BITS;
      exponent++;
    }
    if (exponent >= INFINITE_EXPONENT) {
      return Double.POSITIVE_INFINITY;
    }
    return Double.longBitsToDouble(
        (long) exponent << MANTISSA_BITS | mantissa & ~(1L << MANTISSA_BITS));
  }

  private static double subnormal(long mantissa, int exponent) {
    int shift = 1 - exponent;
    if (shift >= Long.SIZE) {
      return 0;
    }
    long shifted = mantissa >>> shift;
    // A mantissa that rounds up to a normal number's has the exponent bit in the right place.
    return Double.longBitsToDouble((shifted + (shifted & 1)) >>> 1);
  }
}
