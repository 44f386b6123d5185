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
  private static final int RATE = 168;

  /// Bits behind the text that tell SHAKE from other uses of the permutation, and the first bit of
  /// the padding.
  private static final int SUFFIX = 0x1F;

  private static final int LAST_BIT_OF_PADDING = 0x80;

  /// Longest digest that is asked for.
  private static final int DIGEST_BYTES = 32;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final byte[] BASE64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
          .getBytes(StandardCharsets.US_ASCII);

  private static final int SIX_BITS = 0x3F;

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
    block[RATE - 1] |= (byte) LAST_BIT_OF_PADDING;
    absorb();
    for (int i = 0; i < DIGEST_BYTES; i += Long.BYTES) {
      LONG.set(hash, i, lanes[i / Long.BYTES]);
    }
    Arrays.fill(lanes, 0);
    encode(hash, bytes, target, at);
  }

  private void absorb() {
    for (int i = 0; i < RATE; i += Long.BYTES) {
      lanes[i / Long.BYTES] ^= (long) LONG.get(block, i);
    }
    Keccak.permute(lanes);
    filled = 0;
  }

  /// Writes bytes in Base64 (RFC 4648) without padding.
  static void encode(byte[] bytes, int count, byte[] target, int at) {
    int bits = 0;
    int held = 0;
    int next = at;
    for (int i = 0; i < count; i++) {
      held = held << Byte.SIZE | bytes[i] & 0xff;
      bits += Byte.SIZE;
      while (bits >= 6) {
        bits -= 6;
        target[next++] = BASE64[held >>> bits & SIX_BITS];
      }
    }
    if (bits > 0) {
      target[next] = BASE64[held << 6 - bits & SIX_BITS];
    }
  }
}
