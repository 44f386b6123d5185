package dev.dltjava.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/// Writes a value as the compact JSON text that dlt keeps in JSON columns (orjson's: no white
/// space, key order kept, non-ASCII unescaped).
public final class JsonText {
  private JsonText() {}

  /// The value that starts at the parser's current token; the parser is left on its last token.
  public static String read(JsonParser parser) throws IOException {
    StringBuilder text = new StringBuilder();
    int depth = 0;
    boolean first = true;
    JsonToken token = parser.currentToken();
    while (true) {
      boolean closing = token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY;
      if (!first && !closing) {
        text.append(',');
      }
      if (token == JsonToken.FIELD_NAME) {
        quote(text, parser.currentName());
        text.append(':');
        token = parser.nextToken();
      }
      if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
        depth++;
        text.append(token == JsonToken.START_OBJECT ? '{' : '[');
        first = true;
      } else {
        depth -= closing ? 1 : 0;
        appendEndOrScalar(text, parser, token);
        first = false;
      }
      if (depth == 0) {
        return text.toString();
      }
      token = parser.nextToken();
    }
  }

  private static void appendEndOrScalar(StringBuilder text, JsonParser parser, JsonToken token)
      throws IOException {
    switch (token) {
      case END_OBJECT -> text.append('}');
      case END_ARRAY -> text.append(']');
      case VALUE_STRING -> quote(text, parser.getText());
      case VALUE_NUMBER_INT -> text.append(parser.getBigIntegerValue());
      case VALUE_NUMBER_FLOAT -> text.append(FloatText.orjson(parser.getDoubleValue()));
      case VALUE_TRUE -> text.append("true");
      case VALUE_FALSE -> text.append("false");
      case VALUE_NULL -> text.append("null");
      case START_OBJECT, START_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("unexpected token " + token);
    }
  }

  private static void quote(StringBuilder text, String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char character = value.charAt(i);
      switch (character) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\b' -> text.append("\\b");
        case '\f' -> text.append("\\f");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (character < 0x20) {
            text.append("\\u00")
                .append(Character.forDigit(character >> 4, 16))
                .append(Character.forDigit(character & 0xF, 16));
          } else {
            text.append(character);
          }
        }
      }
    }
    text.append('"');
  }
}
