package dev.dltjava.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Eight bytes looked at in one `long`, the first byte lowest ("SIMD within a register"). Masks
/// have the high bit of each byte that was found; only the lowest one set is exact, as borrows and
/// carries spill upwards.
final class Swar {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  static final long HIGH_BITS = 0x8080_8080_8080_8080L;
  static final long SPACES = 0x2020_2020_2020_2020L;

  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long QUOTES = '"' * ONES;
  private static final long BACKSLASHES = '\\' * ONES;
  private static final long ZEROS = '0' * ONES;

  /// What makes a byte over 9 reach its high bit.
  private static final long OVER_NINE = (0x80 - 10) * ONES;

  private Swar() {}

  static long load(byte[] bytes, int index) {
    return (long) LONG.get(bytes, index);
  }

  static void store(byte[] bytes, int index, long word) {
    LONG.set(bytes, index, word);
  }

  static int loadInt(byte[] bytes, int index) {
    return (int) INT.get(bytes, index);
  }

  /// Where a JSON string's run of plain bytes ends: a quote, a backslash or a control character.
  static long stringStops(long word) {
    // x - 1 borrows into the high bit where x is 0, and x - 0x20 where x is a control character;
    // bytes from 0x80 on have the high bit by themselves, and are none of these.
    return (((word ^ QUOTES) - ONES) | ((word ^ BACKSLASHES) - ONES) | (word - SPACES))
        & ~word
        & HIGH_BITS;
  }

  static long backslashes(long word) {
    return ((word ^ BACKSLASHES) - ONES) & ~word & HIGH_BITS;
  }

  /// The index of the first byte of a mask, 8 if it is empty.
  static int first(long mask) {
    return Long.numberOfTrailingZeros(mask) >>> 3;
  }

  /// Bytes that are no ASCII digits; behind one below 0x80, the next is exact too.
  static long nonDigits(long word) {
    long values = word ^ ZEROS;
    return ((values + OVER_NINE) | values) & HIGH_BITS;
  }

  /// How many of the first bytes are ASCII digits, 0 to 8.
  static int digits(long word) {
    return first(nonDigits(word));
  }

  /// The number that the first `count` bytes, 1 to 8 digits, make.
  static int number(long word, int count) {
    // Shifted up, the missing leading digits are zeros.
    long digits = (word ^ ZEROS) << (8 - count) * 8;
    // Neighbours are joined: 8 digits, 4 pairs, 2 fours, 1 eight.
    long pairs = digits * 10 + (digits >>> 8);
    return (int)
        (((pairs & 0x000000FF_000000FFL) * 0x000F4240_00000064L
                + (pairs >>> 16 & 0x000000FF_000000FFL) * 0x00002710_00000001L)
            >>> 32);
  }
}
