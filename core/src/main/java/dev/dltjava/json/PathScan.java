package dev.dltjava.json;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.limits.Limits;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
    private final Limits limits;
    private final @Nullable JsonValue[] values;
    private boolean hasRecords;

    private State(Limits limits, int values) {
      this.limits = limits;
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
  /// @param body not closed
  /// @throws dev.dltjava.error.DltJavaException if it is not JSON
  public Found scan(Limits limits, InputStream body) {
    State state = new State(limits, values);
    JsonCursor cursor = new JsonCursor(limits);
    cursor.open(body);
    cursor.skipByteOrderMark();
    if (cursor.document() == JsonKind.END) {
      throw new DltJavaException(
          ErrorCode.JSON, ErrorLocation.NONE, "the body is empty, expected JSON");
    }
    visit(root, cursor, state);
    return new Found(Arrays.asList(state.values), state.hasRecords);
  }

  /// Reads the value whose first token the cursor has read.
  private void visit(Node node, JsonCursor cursor, State state) {
    JsonKind kind = cursor.kind();
    if (!node.values.isEmpty()) {
      JsonValue value = JsonValue.read(cursor);
      node.values.forEach(index -> state.values[index] = value);
      if (value instanceof JsonValue.Nested nested && (node.hasChildren() || node.records)) {
        byte[] utf8 = nested.json().getBytes(StandardCharsets.UTF_8);
        JsonCursor again = new JsonCursor(state.limits);
        again.open(utf8, 0, utf8.length);
        again.value();
        visitBelow(node, again, state);
      } else if (node.records) {
        state.hasRecords = kind != JsonKind.NULL;
      }
      return;
    }
    visitBelow(node, cursor, state);
  }

  private void visitBelow(Node node, JsonCursor cursor, State state) {
    JsonKind kind = cursor.kind();
    if (kind == JsonKind.ARRAY) {
      int index = 0;
      while (cursor.toElement()) {
        cursor.value();
        if (node.records) {
          state.hasRecords = true;
        }
        Node child = node.indexes.get(index++);
        if (child != null) {
          visit(child, cursor, state);
        } else {
          cursor.skipRest();
        }
      }
      return;
    }
    if (node.records) {
      state.hasRecords = kind != JsonKind.NULL;
    }
    if (kind == JsonKind.OBJECT) {
      while (cursor.toKey()) {
        cursor.readKey();
        Node child = node.keys.get(cursor.string());
        cursor.value();
        if (child != null) {
          forget(child, state);
          visit(child, cursor, state);
        } else {
          cursor.skipRest();
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
