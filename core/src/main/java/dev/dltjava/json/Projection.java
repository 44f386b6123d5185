package dev.dltjava.json;

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

  /// The part of the value whose first token the cursor has read, as JSON text; the cursor moves
  /// behind the value. What is no object stays whole.
  public String read(JsonCursor cursor) {
    StringBuilder text = new StringBuilder();
    write(cursor, text, new JsonText());
    return text.toString();
  }

  private void write(JsonCursor cursor, StringBuilder text, JsonText values) {
    if (whole || cursor.kind() != JsonKind.OBJECT) {
      values.write(cursor);
      text.append(values.string());
      return;
    }
    text.append('{');
    boolean first = true;
    while (cursor.toKey()) {
      cursor.readKey();
      String key = cursor.string();
      Projection part = keys.get(key);
      cursor.value();
      if (part == null) {
        cursor.skipRest();
        continue;
      }
      if (!first) {
        text.append(',');
      }
      first = false;
      text.append(JsonText.quoted(key)).append(':');
      part.write(cursor, text, values);
    }
    text.append('}');
  }
}
