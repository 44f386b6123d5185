package dev.dltjava.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class Utf8Test {
  private static final int TRIES = 200_000;

  private final CharsetDecoder jdk =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);

  private void agrees(byte[] bytes) {
    ByteBuffer source = ByteBuffer.wrap(bytes);
    boolean valid =
        !jdk.reset().decode(source, CharBuffer.allocate(bytes.length + 1), true).isError();
    int malformed = Utf8.malformedAt(bytes, 0, bytes.length);
    if (valid) {
      assertThat(malformed).as(Arrays.toString(bytes)).isEqualTo(-1);
      assertThat(Utf8.string(bytes, 0, bytes.length))
          .isEqualTo(new String(bytes, StandardCharsets.UTF_8));
    } else {
      // The JDK names the lead byte.
      assertThat(malformed)
          .as(Arrays.toString(bytes))
          .isBetween(source.position(), Math.min(source.position() + 3, bytes.length - 1));
    }
  }

  @Test
  void knowsEverySequenceOfTwoBytesAndWhatMayFollow() {
    for (int lead = 0x80; lead <= 0xFF; lead++) {
      for (int second = 0; second <= 0xFF; second++) {
        agrees(new byte[] {(byte) lead, (byte) second});
        agrees(new byte[] {'a', (byte) lead, (byte) second, (byte) 0x80, 'b'});
        agrees(new byte[] {(byte) lead, (byte) second, (byte) 0xBF, (byte) 0x80});
        agrees(new byte[] {(byte) lead, (byte) second, (byte) 0x80, (byte) 0xC0});
      }
    }
  }

  @Test
  void agreesWithTheJdkOnDamagedText() {
    SplittableRandom random = new SplittableRandom(1);
    byte[] text =
        "plain ASCII, längere Wörter, 日本語, 🙂🙂 and the end".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < TRIES; i++) {
      byte[] damaged = Arrays.copyOfRange(text, random.nextInt(20), 30 + random.nextInt(27));
      if (random.nextInt(4) > 0) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      agrees(damaged);
    }
  }

  @Test
  void writesAndReadsEveryCodePointHalfPairsIncluded() {
    byte[] bytes = new byte[4];
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      int length = Utf8.put(bytes, 0, point);
      assertThat(Utf8.string(bytes, 0, length).codePointAt(0)).isEqualTo(point);
      boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
      assertThat(Utf8.malformedAt(bytes, 0, length) >= 0).isEqualTo(surrogate);
    }
  }
}
