package dev.dltjava.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Writes a value as the compact JSON text that dlt keeps in JSON columns (orjson's: no white
/// space, key order kept, non-ASCII unescaped). Of equal keys the last value stays, in the place of
/// the first, as in a Python `dict`.
public final class JsonText {
  /// The order of `OPT_SORT_KEYS`.
  private static final Comparator<String> BY_UTF8 =
      (left, right) ->
          Arrays.compareUnsigned(
              left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));

  private final StringBuilder text = new StringBuilder();
  private final JsonParser parser;
  private final boolean sorted;

  private JsonText(JsonParser parser, boolean sorted) {
    this.parser = parser;
    this.sorted = sorted;
  }

  /// The value that starts at the parser's current token; the parser is left on its last token.
  public static String read(JsonParser parser) throws IOException {
    return write(parser, false, key -> true);
  }

  /// As [#read(JsonParser)], with the keys of all objects sorted, and of the outermost object only
  /// those keys that `kept` takes.
  public static String readSorted(JsonParser parser, Predicate<String> kept) throws IOException {
    return write(parser, true, kept);
  }

  private static String write(JsonParser parser, boolean sorted, Predicate<String> kept)
      throws IOException {
    JsonText writer = new JsonText(parser, sorted);
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      writer.object(kept);
    } else {
      writer.value();
    }
    return writer.text.toString();
  }

  /// A document as compact text, empty if it is not JSON.
  public static Optional<String> compact(JsonFactory factory, String document) {
    try (JsonParser parser = factory.createParser(document)) {
      if (parser.nextToken() == null) {
        return Optional.empty();
      }
      String compact = read(parser);
      boolean whole = parser.nextToken() == null;
      boolean encodable = StandardCharsets.UTF_8.newEncoder().canEncode(compact);
      return whole && encodable ? Optional.of(compact) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void value() throws IOException {
    JsonToken token = parser.currentToken();
    switch (token) {
      case START_OBJECT -> object(key -> true);
      case START_ARRAY -> array();
      case VALUE_STRING -> quote(parser.getText());
      case VALUE_NUMBER_INT -> text.append(parser.getBigIntegerValue());
      case VALUE_NUMBER_FLOAT -> text.append(FloatText.orjson(parser.getDoubleValue()));
      case VALUE_TRUE -> text.append("true");
      case VALUE_FALSE -> text.append("false");
      case VALUE_NULL -> text.append("null");
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("unexpected token " + token);
    }
  }

  private void array() throws IOException {
    text.append('[');
    boolean first = true;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (!first) {
        text.append(',');
      }
      first = false;
      value();
    }
    text.append(']');
  }

  private void object(Predicate<String> kept) throws IOException {
    text.append('{');
    int start = text.length();
    // Where each member begins; of equal keys, the last one's beginning in the place of the first.
    Map<String, Integer> begins = new LinkedHashMap<>();
    List<Integer> ends = new ArrayList<>();
    boolean repeated = false;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      if (kept.test(key)) {
        repeated |= begins.put(key, text.length()) != null;
        quote(key);
        text.append(':');
        value();
        ends.add(text.length());
        text.append(',');
      } else {
        parser.skipChildren();
      }
    }
    if (sorted || repeated) {
      arrange(start, begins, ends);
    } else if (text.length() > start) {
      text.setLength(text.length() - 1);
    }
    text.append('}');
  }

  private void arrange(int start, Map<String, Integer> begins, List<Integer> ends) {
    List<String> keys = new ArrayList<>(begins.keySet());
    if (sorted) {
      keys.sort(BY_UTF8);
    }
    List<String> members = new ArrayList<>();
    for (String key : keys) {
      int begin = begins.getOrDefault(key, 0);
      int after = Collections.binarySearch(ends, begin);
      members.add(text.substring(begin, ends.get(-after - 1)));
    }
    text.setLength(start);
    text.append(String.join(",", members));
  }

  /// A string as JSON.
  public static String quoted(String value) {
    StringBuilder text = new StringBuilder(value.length() + 2);
    quote(text, value);
    return text.toString();
  }

  private void quote(String value) {
    quote(text, value);
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
