package dev.dltjava.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/// Eight bytes at once give what each byte by itself gives.
final class SwarTest {
  private static final int TRIES = 200_000;

  /// Each byte value in each place, between bytes that are likely to disturb.
  private static void agrees(LongUnaryOperator mask, IntPredicate wanted) {
    SplittableRandom random = new SplittableRandom(1);
    byte[] disturbing = {'"', '\\', '!', '#', '[', ']', 0, 0x1F, ' ', '/', ':', 0x7F, -128, -1};
    byte[] bytes = new byte[8];
    for (int i = 0; i < TRIES; i++) {
      for (int k = 0; k < bytes.length; k++) {
        bytes[k] =
            random.nextBoolean()
                ? disturbing[random.nextInt(disturbing.length)]
                : (byte) random.nextInt(256);
      }
      int first = 0;
      while (first < bytes.length && !wanted.test(bytes[first] & 0xFF)) {
        first++;
      }
      assertThat(Swar.first(mask.applyAsLong(Swar.load(bytes, 0)))).isEqualTo(first);
    }
  }

  @Test
  void findsWhereAStringStops() {
    agrees(Swar::stringStops, value -> value == '"' || value == '\\' || value < ' ');
  }

  @Test
  void findsBackslashes() {
    agrees(Swar::backslashes, value -> value == '\\');
  }

  @Test
  void countsLeadingDigits() {
    SplittableRandom random = new SplittableRandom(2);
    byte[] bytes = new byte[8];
    for (int i = 0; i < TRIES; i++) {
      random.nextBytes(bytes);
      int digits = random.nextInt(9);
      for (int k = 0; k < digits; k++) {
        bytes[k] = (byte) ('0' + random.nextInt(10));
      }
      int expected = 0;
      while (expected < 8 && bytes[expected] >= '0' && bytes[expected] <= '9') {
        expected++;
      }
      assertThat(Swar.digits(Swar.load(bytes, 0))).isEqualTo(expected);
    }
  }

  @Test
  void findsTheEndOfAFractionInTheSameWord() {
    for (int whole = 0; whole < 7; whole++) {
      for (int fraction = 0; whole + fraction < 7; fraction++) {
        for (int behind = 0; behind < 256; behind++) {
          if (behind < '0' || behind > '9') {
            byte[] bytes =
                ("1".repeat(whole) + "." + "9".repeat(fraction) + "x")
                    .getBytes(StandardCharsets.US_ASCII);
            bytes[bytes.length - 1] = (byte) behind;
            long nonDigits = Swar.nonDigits(Swar.load(Arrays.copyOf(bytes, 8), 0));
            assertThat(Swar.first(nonDigits)).isEqualTo(whole);
            assertThat(Swar.first(nonDigits & nonDigits - 1)).isEqualTo(whole + 1 + fraction);
          }
        }
      }
    }
  }

  @Test
  void readsNumbersOfOneToEightDigits() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < TRIES; i++) {
      int count = 1 + i % 8;
      int number = random.nextInt((int) Math.pow(10, count));
      String digits = ("%0" + count + "d").formatted(number);
      byte[] bytes = (digits + ",\"next\":").getBytes(StandardCharsets.US_ASCII);
      assertThat(Swar.number(Swar.load(bytes, 0), count)).isEqualTo(number);
    }
  }
}
