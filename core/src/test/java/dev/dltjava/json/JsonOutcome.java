package dev.dltjava.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.limits.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a decoder made of a text: its tokens in words, or where and why it refused it.
///
/// @param tokens up to the fault
/// @param code `null` if the text was accepted
/// @param offset of the fault, the last byte that can be meant
record JsonOutcome(List<String> tokens, @Nullable ErrorCode code, long offset, String message) {
  static final Limits LIMITS = new Limits(1 << 30, 40, 100_000, 100, 100, 1 << 20);

  private static final JsonFactory JACKSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(LIMITS.nestingDepth())
                  .maxStringLength(LIMITS.stringBytes())
                  .maxNumberLength(4_096)
                  .maxNameLength(65_536)
                  .build())
          .build();

  boolean accepted() {
    return code == null;
  }

  /// The reference: Jackson for JSON, the JDK for UTF-8, whichever finds something earlier.
  static JsonOutcome ofReference(byte[] text) {
    JsonOutcome json = ofJackson(text);
    long malformed = malformedAt(text);
    if (malformed >= 0 && (json.accepted() || malformed <= json.offset)) {
      return new JsonOutcome(List.of(), ErrorCode.ENCODING, malformed, "not UTF-8");
    }
    return json;
  }

  private static JsonOutcome ofJackson(byte[] text) {
    try (JsonParser parser = JACKSON.createParser(new ByteArrayInputStream(text))) {
      JsonOutcome outcome = read(parser, 0);
      // Its reader of bytes alone refuses half a surrogate pair in keys, and in keys alone.
      return outcome.message.contains("surrogate") ? ofJacksonsCharacters(text) : outcome;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonOutcome ofJacksonsCharacters(byte[] text) throws IOException {
    boolean marked = text[0] == (byte) 0xEF;
    int start = marked ? 3 : 0;
    String decoded = new String(text, start, text.length - start, StandardCharsets.UTF_8);
    try (JsonParser parser = JACKSON.createParser(decoded)) {
      JsonOutcome outcome = read(parser, start);
      int characters = (int) Math.max(0, Math.min(outcome.offset - start, decoded.length()));
      long bytes = decoded.substring(0, characters).getBytes(StandardCharsets.UTF_8).length;
      return outcome.accepted()
          ? outcome
          : new JsonOutcome(outcome.tokens, outcome.code, start + bytes, outcome.message);
    }
  }

  private static JsonOutcome read(JsonParser parser, int start) {
    List<String> tokens = new ArrayList<>();
    try {
      JsonToken token;
      while ((token = parser.nextToken()) != null) {
        tokens.add(word(token, parser));
      }
      return new JsonOutcome(tokens, null, -1, "");
    } catch (IOException e) {
      boolean limit = e instanceof StreamConstraintsException;
      JsonLocation place = parser.currentLocation();
      return new JsonOutcome(
          tokens,
          limit ? ErrorCode.LIMIT : ErrorCode.JSON,
          place.getByteOffset() < 0 ? start + place.getCharOffset() : place.getByteOffset(),
          String.valueOf(e.getMessage()));
    }
  }

  private static String word(JsonToken token, JsonParser parser) throws IOException {
    return switch (token) {
      case FIELD_NAME -> "key " + parser.currentName();
      case VALUE_STRING -> "string " + parser.getText();
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? "big " + parser.getText()
              : "integer " + parser.getLongValue();
      case VALUE_NUMBER_FLOAT ->
          "float " + Long.toHexString(Double.doubleToRawLongBits(parser.getDoubleValue()));
      default -> token.asString();
    };
  }

  private static long malformedAt(byte[] text) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
    ByteBuffer bytes = ByteBuffer.wrap(text);
    CoderResult result = decoder.decode(bytes, CharBuffer.allocate(text.length + 1), true);
    return result.isError() ? bytes.position() : -1;
  }

  /// @param cursor with [#LIMITS]
  /// @param pieces lengths of the pieces in which the text arrives, the rest in one
  static JsonOutcome ofCursor(JsonCursor cursor, byte[] text, int... pieces) {
    List<String> tokens = new ArrayList<>();
    try {
      cursor.open(new Pieces(text, pieces));
      cursor.skipByteOrderMark();
      while (cursor.document() != JsonKind.END) {
        walk(cursor, tokens);
      }
      return new JsonOutcome(tokens, null, -1, "");
    } catch (DltJavaException e) {
      return new JsonOutcome(
          tokens, e.code(), e.location().byteOffset(), String.valueOf(e.getMessage()));
    }
  }

  private static void walk(JsonCursor cursor, List<String> tokens) {
    switch (cursor.kind()) {
      case OBJECT -> {
        tokens.add("{");
        while (cursor.toKey()) {
          cursor.readKey();
          tokens.add("key " + cursor.string());
          cursor.value();
          walk(cursor, tokens);
        }
        tokens.add("}");
      }
      case ARRAY -> {
        tokens.add("[");
        while (cursor.toElement()) {
          cursor.value();
          walk(cursor, tokens);
        }
        tokens.add("]");
      }
      case STRING -> tokens.add("string " + cursor.string());
      case INTEGER -> tokens.add("integer " + cursor.integer());
      case BIG_INTEGER -> tokens.add("big " + cursor.string());
      case FLOAT ->
          tokens.add("float " + Long.toHexString(Double.doubleToRawLongBits(cursor.real())));
      case TRUE -> tokens.add("true");
      case FALSE -> tokens.add("false");
      case NULL -> tokens.add("null");
      case END -> throw new AssertionError("no value");
    }
  }

  /// A text that arrives in pieces.
  static final class Pieces extends InputStream {
    private final byte[] text;
    private final int[] lengths;
    private int piece;
    private int leftOfPiece;
    private int next;

    Pieces(byte[] text, int... lengths) {
      this.text = text;
      this.lengths = lengths;
      this.leftOfPiece = lengths.length == 0 ? Integer.MAX_VALUE : lengths[0];
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(byte[] target, int from, int length) {
      if (next == text.length) {
        return -1;
      }
      while (leftOfPiece == 0) {
        piece++;
        leftOfPiece = piece < lengths.length ? lengths[piece] : Integer.MAX_VALUE;
      }
      int count = Math.min(Math.min(length, leftOfPiece), text.length - next);
      System.arraycopy(text, next, target, from, count);
      next += count;
      leftOfPiece -= count;
      return count;
    }
  }
}
