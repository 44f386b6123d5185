package dev.dltjava.arrow;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;

/// The texts of one ArrowSchema struct, encoded as C reads them.
///
/// @param format NUL-terminated
/// @param name UTF-8, NUL-terminated
/// @param metadata Arrow's encoding of key-value pairs, empty if there are none
record FieldTexts(byte[] format, byte[] name, byte[] metadata) {
  /// The texts of the root: a struct without a name.
  static final FieldTexts ROOT = new FieldTexts(terminated("+s"), terminated(""), new byte[0]);

  static FieldTexts of(FieldVector vector) {
    if (vector.getName().indexOf('\0') >= 0) {
      throw ColumnFormat.refused(vector, "has a NUL character in its name, which C would cut off");
    }
    return new FieldTexts(
        terminated(ColumnFormat.of(vector)),
        terminated(vector.getName()),
        metadata(vector.getField().getMetadata()));
  }

  /// Bytes that the texts take in a block.
  long blockBytes() {
    return ExportBlock.padded(format.length)
        + ExportBlock.padded(name.length)
        + ExportBlock.padded(metadata.length);
  }

  private static byte[] terminated(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(utf8, utf8.length + 1);
  }

  /// The number of pairs, then for each the length of the key, the key, the length of the value,
  /// and the value: numbers are `int32_t` in native order, texts are UTF-8 without a NUL.
  private static byte[] metadata(Map<String, String> pairs) {
    if (pairs.isEmpty()) {
      return new byte[0];
    }
    byte[][] texts = new byte[2 * pairs.size()][];
    int count = 0;
    int length = Integer.BYTES;
    for (Map.Entry<String, String> pair : pairs.entrySet()) {
      texts[count++] = pair.getKey().getBytes(StandardCharsets.UTF_8);
      texts[count++] = pair.getValue().getBytes(StandardCharsets.UTF_8);
    }
    for (byte[] text : texts) {
      length += Integer.BYTES + text.length;
    }
    ByteBuffer encoded = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
    encoded.putInt(pairs.size());
    for (byte[] text : texts) {
      encoded.putInt(text.length).put(text);
    }
    return encoded.array();
  }
}
