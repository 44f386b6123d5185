package dev.dltjava.normalize;

import org.jspecify.annotations.Nullable;

/// What is known of one key of an object: the column, the nested object or the child table that its
/// values went to so far. One owner, one thread.
final class FieldNode {
  final ObjectNode object;

  /// The normalized path from the record, joined, not shortened.
  final String path;

  /// The name of its column: the path, shortened.
  final String columnName;

  @Nullable TableColumn column;
  @Nullable ObjectNode nested;
  @Nullable TableWriter child;

  /// Whether another key of the object has the same name.
  boolean hasTwin;

  /// What [TableWriter] knows of it: after so many changes its column held no JSON text.
  int withoutJsonAt;

  /// Which of the objects read at its path had this key last, 0 for none.
  private int seenIn;

  /// Which of them had a list here last, and the row of the child table that it began with.
  private int listIn;

  private int listStart;

  FieldNode(ObjectNode object, String path, String columnName) {
    this.object = object;
    this.path = path;
    this.columnName = columnName;
  }

  /// Notes that the object that is being read has this key; false if it had it before.
  boolean see() {
    boolean first = seenIn != object.entries;
    seenIn = object.entries;
    return first;
  }

  /// Whether the object that is being read has this key.
  boolean seen() {
    return seenIn == object.entries;
  }

  /// Whether the row that is being read has this key.
  boolean isInRow() {
    if (!seen()) {
      return false;
    }
    for (ObjectNode node = object; node.parent != null; node = node.parent) {
      if (!node.entered()) {
        return false;
      }
    }
    return true;
  }

  void startList(int row) {
    listIn = object.entries;
    listStart = row;
  }

  /// Forgets the list that the object that is being read has here, if any.
  ///
  /// @return the row of the child table that it began with, -1 without a list
  int takeList() {
    if (listIn != object.entries) {
      return -1;
    }
    listIn = 0;
    return listStart;
  }
}
