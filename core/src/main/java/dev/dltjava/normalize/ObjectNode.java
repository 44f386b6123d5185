package dev.dltjava.normalize;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of the objects at one path of a table's records: their keys so far, in the order
/// of their first appearance. One owner, one thread.
final class ObjectNode {
  /// The path of normalized keys from the record, joined, not shortened; empty for the record
  /// itself.
  final String path;

  final @Nullable ObjectNode parent;

  private final List<FieldNode> fields = new ArrayList<>();

  /// Where the next key is expected: records of one API rarely change the order of their keys.
  private int expected;

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
    expected = 0;
    childObjects = 0;
    if (parent != null) {
      ordinal = parent.childObjects++;
      parentEntries = parent.entries;
    }
  }

  /// The node of a key, `null` if it is new.
  @Nullable FieldNode find(String key) {
    int count = fields.size();
    for (int i = 0; i < count; i++) {
      int index = expected + i;
      index = index < count ? index : index - count;
      FieldNode field = fields.get(index);
      if (field.key.equals(key)) {
        expected = index + 1 < count ? index + 1 : 0;
        return field;
      }
    }
    return null;
  }

  void add(FieldNode field) {
    for (FieldNode other : fields) {
      if (other.path.equals(field.path)) {
        other.hasTwin = true;
        field.hasTwin = true;
      }
    }
    fields.add(field);
  }
}
