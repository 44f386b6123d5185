package dev.dltjava.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Random JSON texts with everything that JSON allows, and damaged ones.
final class GeneratedJson {
  private static final String[] KEYS = {
    "\"id\"",
    "\"name\"",
    "\"a\"",
    "\"\\u0061\"",
    "\"\"",
    "\"key with spaces\"",
    "\"schlüssel\"",
    "\"a_rather_long_key_of_more_than_sixteen_bytes\"",
    "\"quo\\\"te\"",
    "\"\\ud800\"",
    "\"日本\""
  };

  private static final String[] SPACES = {
    "", "", "", "", " ", "\n", "\t", "\r\n", "\n        \t  "
  };

  private static final String[] TEXTS = {
    "",
    "a",
    "plain text",
    "eight by",
    "sixteen bytes ok",
    "é",
    "日本語のテキスト",
    "🙂",
    "\\n",
    "\\\"",
    "\\\\",
    "\\/",
    "\\b\\f\\r\\t",
    "\\u00e9",
    "\\u0000",
    "\\ud83d\\ude42",
    "\\ud83d",
    "\\ude42",
    "\\uD83Dx",
    "\u007f",
    "\u2028",
    "2024-01-01T00:00:00Z",
    "1234567 \\\\",
    "seven.7\\n"
  };

  private static final String[] NUMBERS = {
    "0",
    "-0",
    "1",
    "-1",
    "12345678",
    "123456789",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "123456789012345678901234567890",
    "0.0",
    "-0.0",
    "1.5",
    "0.1",
    "1e5",
    "1E+5",
    "1e-5",
    "1.0e400",
    "-1e400",
    "1e-400",
    "4.9e-324",
    "2.2250738585072011e-308",
    "1.7976931348623157e308",
    "0.30000000000000004",
    "123456789012345678",
    "1234567890123456789.5",
    "12345678901234567890.5",
    "0.000000000000000000000000000001",
    "100000000000000000000000.0",
    "9007199254740993.0",
    "5e-324"
  };

  private static final String[] SPLINTERS = {
    "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "-", ".", "e", "+", "t", "null", "\u0000", "\n",
    " ", "\\u", "\\ud800", "é", "/", "'", "\u00a0", "1", "tru", "NaN"
  };

  private static final int[] BYTES = {
    0x80, 0xBF, 0xC0, 0xC3, 0xE0, 0xED, 0xA0, 0xF0, 0xF4, 0xFF, 0
  };

  private final SplittableRandom random;

  GeneratedJson(SplittableRandom random) {
    this.random = random;
  }

  /// A document, sometimes several one behind the other.
  byte[] valid() {
    StringBuilder text = new StringBuilder();
    int documents = random.nextInt(20) == 0 ? random.nextInt(4) : 1;
    for (int i = 0; i < documents; i++) {
      text.append(pick(SPACES));
      value(text, random.nextInt(6));
      text.append(i + 1 < documents ? "\n" : pick(SPACES));
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// A document with one to three faults, which may by chance be none.
  byte[] damaged() {
    byte[] text = valid();
    for (int i = random.nextInt(3); i >= 0; i--) {
      text = damage(text);
    }
    return text;
  }

  private byte[] damage(byte[] text) {
    if (text.length == 0) {
      return pick(SPLINTERS).getBytes(StandardCharsets.UTF_8);
    }
    int at = random.nextInt(text.length);
    int to = Math.min(text.length, at + 1 + random.nextInt(4));
    return switch (random.nextInt(6)) {
      case 0 -> Arrays.copyOf(text, at);
      case 1 -> joined(Arrays.copyOf(text, at), Arrays.copyOfRange(text, to, text.length));
      case 2 ->
          joined(
              Arrays.copyOf(text, at),
              pick(SPLINTERS).getBytes(StandardCharsets.UTF_8),
              Arrays.copyOfRange(text, at, text.length));
      case 3 -> {
        byte[] changed = text.clone();
        changed[at] = (byte) (changed[at] ^ 1 << random.nextInt(8));
        yield changed;
      }
      case 4 -> {
        byte[] changed = text.clone();
        changed[at] = (byte) BYTES[random.nextInt(BYTES.length)];
        yield changed;
      }
      default -> joined(text, Arrays.copyOfRange(text, at, to));
    };
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  private void value(StringBuilder text, int depth) {
    switch (random.nextInt(depth > 0 ? 10 : 6)) {
      case 0, 1 -> string(text);
      case 2 -> text.append(pick(NUMBERS));
      case 3 -> number(text);
      case 4 -> text.append(random.nextBoolean() ? "true" : "false");
      case 5 -> text.append("null");
      case 6, 7 -> {
        text.append('[').append(pick(SPACES));
        for (int i = random.nextInt(5); i > 0; i--) {
          value(text, depth - 1);
          text.append(pick(SPACES)).append(i > 1 ? "," : "").append(pick(SPACES));
        }
        text.append(']');
      }
      default -> {
        text.append('{').append(pick(SPACES));
        for (int i = random.nextInt(6); i > 0; i--) {
          text.append(pick(KEYS)).append(pick(SPACES)).append(':').append(pick(SPACES));
          value(text, depth - 1);
          text.append(pick(SPACES)).append(i > 1 ? "," : "").append(pick(SPACES));
        }
        text.append('}');
      }
    }
  }

  private void string(StringBuilder text) {
    text.append('"');
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(pick(TEXTS));
    }
    text.append('"');
  }

  private void number(StringBuilder text) {
    switch (random.nextInt(3)) {
      case 0 -> text.append(random.nextLong() >> random.nextInt(64));
      case 1 -> text.append(Double.longBitsToDouble(random.nextLong() & ~(1L << 62)));
      default -> text.append(random.nextInt(-100_000, 100_000) / 1000.0);
    }
  }

  private String pick(String[] choices) {
    return choices[random.nextInt(choices.length)];
  }
}
