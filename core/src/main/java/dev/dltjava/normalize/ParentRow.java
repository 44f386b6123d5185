package dev.dltjava.normalize;

import org.jspecify.annotations.Nullable;

/// Where the row of a child table comes from.
///
/// @param table the parent table, `null` for rows of the root table
/// @param row index of the parent's row in the parent's current batch
/// @param listIndex position in the parent's list
record ParentRow(@Nullable TableWriter table, int row, int listIndex) {
  /// Of a row of the root table.
  static final ParentRow NONE = new ParentRow(null, -1, -1);
}
