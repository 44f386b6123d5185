package dev.dltjava.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds a few values of a document, and whether it has records, in one pass that builds nothing
/// else. Of equal keys the last one counts, as in a Python `dict`. Immutable, any thread.
public final class PathScan {
  private final Node root = new Node();
  private final int values;

  /// What a document has.
  ///
  /// @param values one a path, null where the document has none
  /// @param hasRecords whether a [RecordReader] would find any
  public record Found(List<@Nullable JsonValue> values, boolean hasRecords) {
    /// That of a document of which nothing was asked.
    public static final Found NOTHING = new Found(List.of(), false);
  }

  /// What is wanted at one place, and below it.
  private static final class Node {
    private final Map<String, Node> keys = new HashMap<>();
    private final Map<Integer, Node> indexes = new HashMap<>();
    private final List<Integer> values = new ArrayList<>();
    private boolean records;

    private boolean hasChildren() {
      return !keys.isEmpty() || !indexes.isEmpty();
    }
  }

  /// One document's pass. One thread.
  private static final class State {
    private final JsonFactory factory;
    private final @Nullable JsonValue[] values;
    private boolean hasRecords;

    private State(JsonFactory factory, int values) {
      this.factory = factory;
      this.values = new JsonValue[values];
    }
  }

  /// @param paths of the values
  /// @param records where the records are, null if nobody asks
  public PathScan(List<JsonPath> paths, @Nullable RecordPath records) {
    this.values = paths.size();
    for (int i = 0; i < paths.size(); i++) {
      node(paths.get(i)).values.add(i);
    }
    if (records != null) {
      node(JsonPath.ofKeys(records.keys())).records = true;
    }
  }

  private Node node(JsonPath path) {
    Node node = root;
    for (JsonPath.Step step : path.steps()) {
      node =
          switch (step) {
            case JsonPath.Step.Key key -> node.keys.computeIfAbsent(key.key(), any -> new Node());
            case JsonPath.Step.Index index ->
                node.indexes.computeIfAbsent(index.index(), any -> new Node());
          };
    }
    return node;
  }

  /// Reads a document.
  ///
  /// @throws IOException if it is not JSON
  public Found scan(JsonFactory factory, InputStream body) throws IOException {
    State state = new State(factory, values);
    try (JsonParser parser = factory.createParser(body)) {
      parser.nextToken();
      if (parser.currentToken() != null) {
        visit(root, parser, state);
      }
    }
    return new Found(Arrays.asList(state.values), state.hasRecords);
  }

  /// Reads the value at the parser's current token, to its last token.
  private void visit(Node node, JsonParser parser, State state) throws IOException {
    JsonToken token = parser.currentToken();
    if (!node.values.isEmpty()) {
      JsonValue value = JsonValue.read(parser);
      node.values.forEach(index -> state.values[index] = value);
      if (value instanceof JsonValue.Nested nested && (node.hasChildren() || node.records)) {
        try (JsonParser again = state.factory.createParser(nested.json())) {
          again.nextToken();
          visitBelow(node, again, state);
        }
      } else if (node.records) {
        state.hasRecords = token != JsonToken.VALUE_NULL;
      }
      return;
    }
    visitBelow(node, parser, state);
  }

  private void visitBelow(Node node, JsonParser parser, State state) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_ARRAY) {
      int index = 0;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (node.records) {
          state.hasRecords = true;
        }
        Node child = node.indexes.get(index++);
        if (child != null) {
          visit(child, parser, state);
        } else {
          parser.skipChildren();
        }
      }
      return;
    }
    if (node.records) {
      state.hasRecords = token != JsonToken.VALUE_NULL;
    }
    if (token == JsonToken.START_OBJECT) {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        Node child = node.keys.get(parser.currentName());
        parser.nextToken();
        if (child != null) {
          forget(child, state);
          visit(child, parser, state);
        } else {
          parser.skipChildren();
        }
      }
    }
  }

  /// Takes back what an earlier, equal key had.
  private static void forget(Node node, State state) {
    node.values.forEach(index -> state.values[index] = null);
    if (node.records) {
      state.hasRecords = false;
    }
    node.keys.values().forEach(child -> forget(child, state));
    node.indexes.values().forEach(child -> forget(child, state));
  }
}
