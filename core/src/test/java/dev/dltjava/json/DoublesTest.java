package dev.dltjava.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Every decimal number becomes the double that the JDK makes of it.
final class DoublesTest {
  private static final int TRIES = 400_000;

  private static void agrees(long digits, int power) {
    double expected = Double.parseDouble(Long.toUnsignedString(digits) + "E" + power);
    // Compared as bits, and without a message: this runs often.
    if (Double.doubleToRawLongBits(Doubles.of(digits, power))
        != Double.doubleToRawLongBits(expected)) {
      assertThat(Doubles.of(digits, power))
          .as(Long.toUnsignedString(digits) + "E" + power)
          .isEqualTo(expected);
    }
  }

  private static void agrees(BigDecimal number) {
    BigInteger digits = number.unscaledValue();
    if (digits.bitLength() <= Long.SIZE) {
      agrees(digits.longValue(), -number.scale());
    }
  }

  @Test
  void readsAnyDigitsAndPower() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < TRIES; i++) {
      long digits = random.nextLong() >>> random.nextInt(Long.SIZE);
      if (Long.compareUnsigned(digits, -8_446_744_073_709_551_617L) <= 0) {
        agrees(digits, random.nextInt(-365, 330));
      }
    }
  }

  @Test
  void readsTheShortestTextOfAnyDouble() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < TRIES; i++) {
      double value = Math.abs(Double.longBitsToDouble(random.nextLong()));
      if (Double.isFinite(value)) {
        agrees(new BigDecimal(Double.toString(value)));
      }
    }
  }

  @Test
  void readsWhatApisSend() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < TRIES; i++) {
      agrees(random.nextLong(1L << random.nextInt(1, 60)), -random.nextInt(20));
    }
  }

  /// Halfway between two doubles, and as close to it as 19 digits come.
  @Test
  void roundsTiesToTheEvenDouble() {
    SplittableRandom random = new SplittableRandom(4);
    int ties = 0;
    for (int i = 0; i < TRIES; i++) {
      long mantissa = random.nextLong(1L << 52, 1L << 53);
      int exponent = random.nextInt(-70, 12);
      BigDecimal tie =
          new BigDecimal(BigInteger.valueOf(2 * mantissa + 1))
              .multiply(
                  exponent >= 0
                      ? new BigDecimal(BigInteger.TWO.pow(exponent))
                      : BigDecimal.ONE.divide(new BigDecimal(BigInteger.TWO.pow(-exponent))))
              .stripTrailingZeros();
      ties += tie.precision() <= 19 ? 1 : 0;
      agrees(tie);
      BigDecimal rounded = tie.round(new java.math.MathContext(19));
      agrees(rounded);
      agrees(rounded.add(rounded.ulp()));
      agrees(rounded.subtract(rounded.ulp()));
    }
    assertThat(ties).isGreaterThan(1_000);
  }

  @Test
  void readsTheEdges() {
    long[] edges = {
      0,
      1,
      2,
      5,
      9007199254740991L,
      9007199254740992L,
      9007199254740993L,
      9007199254740995L,
      22250738585072014L,
      22250738585072011L,
      17976931348623157L,
      17976931348623158L,
      17976931348623159L,
      4940656458412465L,
      24703282292062327L,
      2470328229206232721L,
      Long.MAX_VALUE,
      Long.MIN_VALUE,
      -8_446_744_073_709_551_617L,
      1152921504606846976L
    };
    for (long digits : edges) {
      for (int power = -400; power <= 400; power++) {
        agrees(digits, power);
      }
    }
  }
}
