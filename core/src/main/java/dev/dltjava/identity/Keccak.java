package dev.dltjava.identity;

/// The permutation Keccak-f[1600] (FIPS 202, section 3), 24 rounds on a state of 25 lanes: lane `x
/// + 5 * y` holds the column `x` of the row `y`. The lanes stay in local variables, which is what
///   makes it quick.
final class Keccak implements Permutation {
  static final int LANES = 25;

  private static final long[] ROUND_CONSTANTS = {
    0x0000000000000001L, 0x0000000000008082L, 0x800000000000808AL,
    0x8000000080008000L, 0x000000000000808BL, 0x0000000080000001L,
    0x8000000080008081L, 0x8000000000008009L, 0x000000000000008AL,
    0x0000000000000088L, 0x0000000080008009L, 0x000000008000000AL,
    0x000000008000808BL, 0x800000000000008BL, 0x8000000000008089L,
    0x8000000000008003L, 0x8000000000008002L, 0x8000000000000080L,
    0x000000000000800AL, 0x800000008000000AL, 0x8000000080008081L,
    0x8000000000008080L, 0x0000000080000001L, 0x8000000080008008L,
  };

  static final Keccak ONE_BY_ONE = new Keccak();

  private Keccak() {}

  @Override
  public void permute(long[] states, int count) {
    for (int state = 0; state < count; state++) {
      permute(states, Permutation.first(state), GROUP);
    }
  }

  /// @param first index of the first lane
  /// @param stride from one lane to the next
  static void permute(long[] lanes, int first, int stride) {
    long a00 = lanes[first];
    long a01 = lanes[first + stride];
    long a02 = lanes[first + 2 * stride];
    long a03 = lanes[first + 3 * stride];
    long a04 = lanes[first + 4 * stride];
    long a05 = lanes[first + 5 * stride];
    long a06 = lanes[first + 6 * stride];
    long a07 = lanes[first + 7 * stride];
    long a08 = lanes[first + 8 * stride];
    long a09 = lanes[first + 9 * stride];
    long a10 = lanes[first + 10 * stride];
    long a11 = lanes[first + 11 * stride];
    long a12 = lanes[first + 12 * stride];
    long a13 = lanes[first + 13 * stride];
    long a14 = lanes[first + 14 * stride];
    long a15 = lanes[first + 15 * stride];
    long a16 = lanes[first + 16 * stride];
    long a17 = lanes[first + 17 * stride];
    long a18 = lanes[first + 18 * stride];
    long a19 = lanes[first + 19 * stride];
    long a20 = lanes[first + 20 * stride];
    long a21 = lanes[first + 21 * stride];
    long a22 = lanes[first + 22 * stride];
    long a23 = lanes[first + 23 * stride];
    long a24 = lanes[first + 24 * stride];
    for (long roundConstant : ROUND_CONSTANTS) {
      // Theta: each bit takes up the parity of two columns beside it.
      long c0 = a00 ^ a05 ^ a10 ^ a15 ^ a20;
      long c1 = a01 ^ a06 ^ a11 ^ a16 ^ a21;
      long c2 = a02 ^ a07 ^ a12 ^ a17 ^ a22;
      long c3 = a03 ^ a08 ^ a13 ^ a18 ^ a23;
      long c4 = a04 ^ a09 ^ a14 ^ a19 ^ a24;
      long d0 = c4 ^ Long.rotateLeft(c1, 1);
      long d1 = c0 ^ Long.rotateLeft(c2, 1);
      long d2 = c1 ^ Long.rotateLeft(c3, 1);
      long d3 = c2 ^ Long.rotateLeft(c4, 1);
      long d4 = c3 ^ Long.rotateLeft(c0, 1);
      // Rho and pi: lanes are rotated, and change places.
      long b00 = a00 ^ d0;
      long b10 = Long.rotateLeft(a01 ^ d1, 1);
      long b20 = Long.rotateLeft(a02 ^ d2, 62);
      long b05 = Long.rotateLeft(a03 ^ d3, 28);
      long b15 = Long.rotateLeft(a04 ^ d4, 27);
      long b16 = Long.rotateLeft(a05 ^ d0, 36);
      long b01 = Long.rotateLeft(a06 ^ d1, 44);
      long b11 = Long.rotateLeft(a07 ^ d2, 6);
      long b21 = Long.rotateLeft(a08 ^ d3, 55);
      long b06 = Long.rotateLeft(a09 ^ d4, 20);
      long b07 = Long.rotateLeft(a10 ^ d0, 3);
      long b17 = Long.rotateLeft(a11 ^ d1, 10);
      long b02 = Long.rotateLeft(a12 ^ d2, 43);
      long b12 = Long.rotateLeft(a13 ^ d3, 25);
      long b22 = Long.rotateLeft(a14 ^ d4, 39);
      long b23 = Long.rotateLeft(a15 ^ d0, 41);
      long b08 = Long.rotateLeft(a16 ^ d1, 45);
      long b18 = Long.rotateLeft(a17 ^ d2, 15);
      long b03 = Long.rotateLeft(a18 ^ d3, 21);
      long b13 = Long.rotateLeft(a19 ^ d4, 8);
      long b14 = Long.rotateLeft(a20 ^ d0, 18);
      long b24 = Long.rotateLeft(a21 ^ d1, 2);
      long b09 = Long.rotateLeft(a22 ^ d2, 61);
      long b19 = Long.rotateLeft(a23 ^ d3, 56);
      long b04 = Long.rotateLeft(a24 ^ d4, 14);
      // Chi: the only step that is not linear. Iota: rounds differ.
      a00 = b00 ^ (~b01 & b02) ^ roundConstant;
      a01 = b01 ^ (~b02 & b03);
      a02 = b02 ^ (~b03 & b04);
      a03 = b03 ^ (~b04 & b00);
      a04 = b04 ^ (~b00 & b01);
      a05 = b05 ^ (~b06 & b07);
      a06 = b06 ^ (~b07 & b08);
      a07 = b07 ^ (~b08 & b09);
      a08 = b08 ^ (~b09 & b05);
      a09 = b09 ^ (~b05 & b06);
      a10 = b10 ^ (~b11 & b12);
      a11 = b11 ^ (~b12 & b13);
      a12 = b12 ^ (~b13 & b14);
      a13 = b13 ^ (~b14 & b10);
      a14 = b14 ^ (~b10 & b11);
      a15 = b15 ^ (~b16 & b17);
      a16 = b16 ^ (~b17 & b18);
      a17 = b17 ^ (~b18 & b19);
      a18 = b18 ^ (~b19 & b15);
      a19 = b19 ^ (~b15 & b16);
      a20 = b20 ^ (~b21 & b22);
      a21 = b21 ^ (~b22 & b23);
      a22 = b22 ^ (~b23 & b24);
      a23 = b23 ^ (~b24 & b20);
      a24 = b24 ^ (~b20 & b21);
    }
    lanes[first] = a00;
    lanes[first + stride] = a01;
    lanes[first + 2 * stride] = a02;
    lanes[first + 3 * stride] = a03;
    lanes[first + 4 * stride] = a04;
    lanes[first + 5 * stride] = a05;
    lanes[first + 6 * stride] = a06;
    lanes[first + 7 * stride] = a07;
    lanes[first + 8 * stride] = a08;
    lanes[first + 9 * stride] = a09;
    lanes[first + 10 * stride] = a10;
    lanes[first + 11 * stride] = a11;
    lanes[first + 12 * stride] = a12;
    lanes[first + 13 * stride] = a13;
    lanes[first + 14 * stride] = a14;
    lanes[first + 15 * stride] = a15;
    lanes[first + 16 * stride] = a16;
    lanes[first + 17 * stride] = a17;
    lanes[first + 18 * stride] = a18;
    lanes[first + 19 * stride] = a19;
    lanes[first + 20 * stride] = a20;
    lanes[first + 21 * stride] = a21;
    lanes[first + 22 * stride] = a22;
    lanes[first + 23 * stride] = a23;
    lanes[first + 24 * stride] = a24;
  }
}
