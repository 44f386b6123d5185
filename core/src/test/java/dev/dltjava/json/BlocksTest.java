package dev.dltjava.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.function.ToLongFunction;
import jdk.incubator.vector.ByteVector;
import org.junit.jupiter.api.Test;

/// A block at once gives what each byte by itself gives.
final class BlocksTest {
  private static void agrees(ToLongFunction<ByteVector> mask, IntPredicate wanted) {
    byte[] bytes = new byte[3 + Blocks.BYTES];
    for (int value = 0; value < 256; value++) {
      for (int place = 0; place < Blocks.BYTES; place++) {
        Arrays.fill(bytes, (byte) (value + 1));
        bytes[3 + place] = (byte) value;
        long found = mask.applyAsLong(Blocks.load(bytes, 3));
        for (int i = 0; i < Blocks.BYTES; i++) {
          assertThat((found >>> i & 1) != 0).isEqualTo(wanted.test(bytes[3 + i] & 0xFF));
        }
        assertThat(found >>> Blocks.BYTES).isZero();
      }
    }
  }

  @Test
  void findsWhereAStringStops() {
    agrees(Blocks::stringStops, value -> value == '"' || value == '\\' || value < ' ');
    agrees(Blocks::stringEnds, value -> value == '"' || value < ' ');
    agrees(Blocks::backslashes, value -> value == '\\');
  }

  @Test
  void findsBytesBeyondAscii() {
    agrees(Blocks::beyondAscii, value -> value >= 0x80);
  }

  @Test
  void findsTheFirstOfAMask() {
    assertThat(Blocks.first(0)).isEqualTo(Blocks.BYTES);
    for (int place = 0; place < Blocks.BYTES; place++) {
      assertThat(Blocks.first(0xFFFF_FFFFL << place & 0xFFFF_FFFFL)).isEqualTo(place);
    }
  }

  @Test
  void takesWhatIsBeforeAnIndex() {
    assertThat(Blocks.before(0, 0xFFFF_FFFFL)).isZero();
    assertThat(Blocks.before(5, 0xFFFF_FFFFL)).isEqualTo(0b11111);
    assertThat(Blocks.before(Blocks.BYTES, 0xFFFF_FFFFL)).isEqualTo(0xFFFF_FFFFL);
  }

  @Test
  void copiesABlockAndNoMore() {
    byte[] source = new byte[100];
    new SplittableRandom(1).nextBytes(source);
    byte[] target = new byte[100];
    Blocks.copy(source, 7, target, 11);
    for (int i = 0; i < target.length; i++) {
      boolean copied = i >= 11 && i < 11 + Blocks.BYTES;
      assertThat(target[i]).isEqualTo(copied ? source[i - 4] : 0);
    }
  }
}
