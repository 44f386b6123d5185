package dev.dltjava.json;

import dev.dltjava.error.ErrorCode;
import dev.dltjava.fuzz.Bytes;
import java.util.Arrays;

/// The cursor finds in any bytes what Jackson finds, in whatever pieces they arrive.
public final class DecoderFuzzTarget {
  private static final JsonCursor CURSOR = new JsonCursor(JsonOutcome.LIMITS);

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private DecoderFuzzTarget() {}

  public static void fuzzerTestOneInput(byte[] text) {
    JsonOutcome found = JsonOutcome.ofCursor(CURSOR, text);
    if (JsonCursorAgreementTest.looksWide(text)) {
      // Jackson takes it for UTF-16 or UTF-32.
      Bytes.require(found.code() != null, found.toString());
    } else if (Arrays.equals(text, BYTE_ORDER_MARK)) {
      // Jackson looks for it before four bytes or more.
      Bytes.require(found.accepted() && found.tokens().isEmpty(), found.toString());
    } else {
      agrees(text, found, JsonOutcome.ofReference(text));
    }
    int cut = text.length == 0 ? 0 : (text[text.length - 1] & 0xFF) % text.length;
    JsonOutcome inPieces = JsonOutcome.ofCursor(CURSOR, text, cut, 1, 2);
    Bytes.require(inPieces.equals(found), inPieces + "\n" + found);
  }

  private static void agrees(byte[] text, JsonOutcome found, JsonOutcome expected) {
    String message = found + "\n" + expected;
    if (expected.accepted()) {
      Bytes.require(found.accepted() && found.tokens().equals(expected.tokens()), message);
    } else {
      Bytes.require(found.code() != null && found.code() != ErrorCode.INTERNAL, message);
      Bytes.require(found.offset() >= 0 && found.offset() <= text.length, message);
      Bytes.require(JsonCursorAgreementTest.sameFault(text, found, expected), message);
    }
  }
}
