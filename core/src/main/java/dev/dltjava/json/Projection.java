package dev.dltjava.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The part of a record that holds some of its values, in their places.
///
/// @param whole whether all of the record belongs to it
/// @param keys what belongs to it below each key
public record Projection(boolean whole, Map<String, Projection> keys) {
  public Projection {
    keys = Map.copyOf(keys);
  }

  /// The projection to the values at some paths of keys; an empty path is the whole record.
  public static Projection of(List<List<String>> paths) {
    Map<String, List<List<String>>> below = new HashMap<>();
    for (List<String> path : paths) {
      if (path.isEmpty()) {
        return new Projection(true, Map.of());
      }
      below
          .computeIfAbsent(path.get(0), key -> new ArrayList<>())
          .add(path.subList(1, path.size()));
    }
    Map<String, Projection> keys = new HashMap<>();
    below.forEach((key, rest) -> keys.put(key, of(rest)));
    return new Projection(false, keys);
  }

  /// Whether there is nothing to keep.
  public boolean isEmpty() {
    return !whole && keys.isEmpty();
  }

  /// The part of the value at the parser's current token, as JSON text; the parser is left on the
  /// value's last token. What is no object stays whole.
  public String read(JsonParser parser) throws IOException {
    StringBuilder text = new StringBuilder();
    write(parser, text);
    return text.toString();
  }

  private void write(JsonParser parser, StringBuilder text) throws IOException {
    if (whole || parser.currentToken() != JsonToken.START_OBJECT) {
      text.append(JsonText.read(parser));
      return;
    }
    text.append('{');
    boolean first = true;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      Projection part = keys.get(key);
      parser.nextToken();
      if (part == null) {
        parser.skipChildren();
        continue;
      }
      if (!first) {
        text.append(',');
      }
      first = false;
      text.append(JsonText.quoted(key)).append(':');
      part.write(parser, text);
    }
    text.append('}');
  }
}
