package dev.dltjava.normalize;

import org.jspecify.annotations.Nullable;

/// What is known of one key of an object: the column, the nested object or the child table that its
/// values went to so far. One owner, one thread.
final class FieldNode {
  final String key;
  final ObjectNode object;

  /// The normalized path from the record, joined, not shortened.
  final String path;

  /// The name of its column: the path, shortened.
  final String columnName;

  @Nullable TableColumn column;
  @Nullable ObjectNode nested;
  @Nullable TableWriter child;

  FieldNode(String key, ObjectNode object, String path, String columnName) {
    this.key = key;
    this.object = object;
    this.path = path;
    this.columnName = columnName;
  }
}
