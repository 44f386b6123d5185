package dev.dltjava.json;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Thirty-two bytes looked at in one register of the processor, for strings that are longer than a
/// few words. Masks have a bit for each byte, the first byte's lowest, and are exact. What is found
/// is `long` and `int`, as vectors that leave a method are objects.
final class Blocks {
  static final int BYTES = 32;

  /// AVX2 is the least that the library asks of a processor.
  private static final VectorSpecies<Byte> SPECIES = ByteVector.SPECIES_256;

  private Blocks() {}

  static ByteVector load(byte[] bytes, int index) {
    return ByteVector.fromArray(SPECIES, bytes, index);
  }

  /// Copies a block; both arrays have all of its bytes.
  static void copy(byte[] source, int from, byte[] target, int to) {
    load(source, from).intoArray(target, to);
  }

  /// Where a JSON string's run of plain bytes ends: a quote, a backslash or a control character.
  static long stringStops(ByteVector block) {
    return ends(block).or(block.eq((byte) '\\')).toLong();
  }

  /// As [#stringStops(ByteVector)], but for backslashes.
  static long stringEnds(ByteVector block) {
    return ends(block).toLong();
  }

  private static VectorMask<Byte> ends(ByteVector block) {
    return block.eq((byte) '"').or(block.compare(VectorOperators.ULT, (byte) ' '));
  }

  static long backslashes(ByteVector block) {
    return block.eq((byte) '\\').toLong();
  }

  static long beyondAscii(ByteVector block) {
    return block.lt((byte) 0).toLong();
  }

  /// The index of the first byte of a mask, [#BYTES] if it is empty.
  static int first(long mask) {
    return Long.numberOfTrailingZeros(mask | 1L << BYTES);
  }

  /// Those bytes of a mask that are before an index, at most [#BYTES].
  static long before(int index, long mask) {
    return mask & (1L << index) - 1;
  }
}
