package dev.dltjava.normalize;

import dev.dltjava.json.Keys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of the objects at one path of a table's records: their keys so far, in the order
/// of their first appearance. One owner, one thread.
final class ObjectNode {
  /// The path of normalized keys from the record, joined, not shortened; empty for the record
  /// itself.
  final String path;

  final @Nullable ObjectNode parent;

  final Keys<FieldNode> keys = new Keys<>();
  private final List<FieldNode> fields = new ArrayList<>();
  private final Map<String, FieldNode> byPath = new HashMap<>();

  /// Position of this object among the objects of its parent, in the current row.
  int ordinal;

  /// Objects seen below this one in the current row.
  int childObjects;

  ObjectNode(String path, @Nullable ObjectNode parent) {
    this.path = path;
    this.parent = parent;
  }

  /// Counts the objects read at this path.
  int entries;

  /// The parent's count when this object was last entered.
  private int parentEntries;

  /// Whether an object at this path was read in the parent that is being read.
  boolean entered() {
    return parent != null && entries > 0 && parentEntries == parent.entries;
  }

  List<FieldNode> fields() {
    return fields;
  }

  /// Starts the object of a new row.
  void enter() {
    entries++;
    childObjects = 0;
    if (parent != null) {
      ordinal = parent.childObjects++;
      parentEntries = parent.entries;
    }
  }

  void add(FieldNode field) {
    FieldNode other = byPath.putIfAbsent(field.path, field);
    if (other != null) {
      other.hasTwin = true;
      field.hasTwin = true;
    }
    fields.add(field);
  }
}
