package dev.dltjava.identity;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// SHAKE128 (FIPS 202) in Base64 without padding, which dlt uses for row ids and for the tags of
/// shortened names. The JDK's own makes several objects for each digest, and each child row has
/// one. One owner, one thread.
public final class Shake128 {
  /// Bytes that go into the state before it is permuted.
  static final int RATE = 168;

  /// Bits behind the text that tell SHAKE from other uses of the permutation, and the first bit of
  /// the padding.
  static final byte SUFFIX = 0x1F;

  /// In the last lane of a block.
  static final long LAST_BIT_OF_PADDING = 1L << 63;

  /// Longest digest that is asked for.
  private static final int DIGEST_BYTES = 32;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private static final byte[] BASE64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
          .getBytes(StandardCharsets.US_ASCII);

  private static final int SIX_BITS = 0x3F;
  private static final int TWELVE_BITS = 0xFFF;

  /// The two characters of each twelve bits, the first one lowest: half as many look-ups.
  private static final short[] BASE64_PAIRS = new short[TWELVE_BITS + 1];

  static {
    for (int i = 0; i < BASE64_PAIRS.length; i++) {
      BASE64_PAIRS[i] = (short) (BASE64[i & SIX_BITS] << Byte.SIZE | BASE64[i >>> 6]);
    }
  }

  private final long[] lanes = new long[Keccak.LANES];
  private final byte[] block = new byte[RATE];
  private final byte[] hash = new byte[DIGEST_BYTES];
  private int filled;

  /// The first `bytes` bytes (at most 32) of the digest of `text` in UTF-8, in Base64.
  public String base64(String text, int bytes) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    update(utf8, 0, utf8.length);
    byte[] encoded = new byte[base64Length(bytes)];
    finish(bytes, encoded, 0);
    return new String(encoded, StandardCharsets.US_ASCII);
  }

  /// How many characters so many bytes take in Base64 without padding.
  static int base64Length(int bytes) {
    return (bytes * 4 + 2) / 3;
  }

  /// Takes in a part of the text.
  void update(byte[] text, int from, int length) {
    int next = from;
    int left = length;
    while (left > 0) {
      int count = Math.min(left, RATE - filled);
      System.arraycopy(text, next, block, filled, count);
      filled += count;
      next += count;
      left -= count;
      if (filled == RATE) {
        absorb();
      }
    }
  }

  /// Takes in one byte of the text.
  void update(byte single) {
    block[filled++] = single;
    if (filled == RATE) {
      absorb();
    }
  }

  /// Ends the text and writes the first `bytes` bytes of its digest in Base64.
  void finish(int bytes, byte[] target, int at) {
    Arrays.fill(block, filled, RATE, (byte) 0);
    block[filled] = SUFFIX;
    lanes[RATE / Long.BYTES - 1] ^= LAST_BIT_OF_PADDING;
    absorb();
    for (int i = 0; i < DIGEST_BYTES; i += Long.BYTES) {
      store(hash, i, lanes[i / Long.BYTES]);
    }
    Arrays.fill(lanes, 0);
    encode(hash, 0, bytes, target, at);
  }

  private void absorb() {
    for (int i = 0; i < RATE; i += Long.BYTES) {
      lanes[i / Long.BYTES] ^= load(block, i);
    }
    Keccak.permute(lanes, 0, 1);
    filled = 0;
  }

  /// Lanes are little-endian.
  static long load(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
  }

  static void store(byte[] bytes, int at, long lane) {
    LONG.set(bytes, at, lane);
  }

  /// Writes bytes in Base64 (RFC 4648) without padding.
  static void encode(byte[] bytes, int from, int count, byte[] target, int at) {
    int next = at;
    int i = from;
    for (int whole = from + count - 2; i < whole; i += 3) {
      int three = (bytes[i] & 0xff) << 16 | (bytes[i + 1] & 0xff) << 8 | bytes[i + 2] & 0xff;
      SHORT.set(target, next, BASE64_PAIRS[three >>> 12]);
      SHORT.set(target, next + 2, BASE64_PAIRS[three & TWELVE_BITS]);
      next += 4;
    }
    int left = from + count - i;
    if (left > 0) {
      int two = (bytes[i] & 0xff) << 8 | (left == 2 ? bytes[i + 1] & 0xff : 0);
      target[next] = BASE64[two >>> 10];
      target[next + 1] = BASE64[two >>> 4 & SIX_BITS];
      if (left == 2) {
        target[next + 2] = BASE64[two << 2 & SIX_BITS];
      }
    }
  }
}
