package dev.dltjava.normalize;

import dev.dltjava.column.Column;
import dev.dltjava.column.ColumnHeader;
import dev.dltjava.schema.ColumnType;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// A column of a table over all batches: its type is fixed by its first value or by what is known
/// of the table, its memory is that of the current batch. One owner, one thread.
final class TableColumn {
  final String name;
  final boolean variant;

  /// Its place in the primary key whose hash is the row's id, -1 for most columns.
  final int keyIndex;

  private @Nullable ColumnType type;
  private @Nullable Column current;

  /// The row, and the key in it, that wrote here last: two keys may have the same name.
  private int lastRow = -1;

  private @Nullable FieldNode lastField;

  /// Where the last value went: here or to a variant.
  private @Nullable TableColumn lastTarget;

  TableColumn(String name, boolean variant, @Nullable ColumnType type, int keyIndex) {
    this.name = name;
    this.variant = variant;
    this.type = type;
    this.keyIndex = keyIndex;
  }

  @Nullable ColumnType type() {
    return type;
  }

  void fixType(ColumnType newType) {
    type = newType;
  }

  /// The current batch's part of the column, its memory from `allocator`.
  Column open(BufferAllocator allocator, int expectedRows) {
    if (current == null) {
      if (type == null) {
        throw new IllegalStateException("column " + name + " has no type yet");
      }
      current =
          Column.allocate(new ColumnHeader(name, type, true, variant), allocator, expectedRows);
    }
    return current;
  }

  /// Claims `row` for a value of `field`; false if an earlier value of another key with the same
  /// name stays.
  boolean claim(int row, FieldNode field, ColumnOrder order) {
    if (lastRow == row && lastField != null) {
      if (!Traversal.winsOver(field, lastField, order)) {
        return false;
      }
      if (lastTarget != null) {
        lastTarget.clear(row);
      }
    }
    lastRow = row;
    lastField = field;
    lastTarget = null;
    return true;
  }

  void wroteTo(TableColumn target) {
    lastTarget = target;
  }

  private void clear(int row) {
    if (current != null) {
      current.clear(row);
    }
  }

  /// The text at `row` of a text column, `null` if there is none.
  byte @Nullable [] textAt(int row) {
    return current instanceof Column.Text text ? text.get(row) : null;
  }

  /// Frees the current batch's part.
  void discard() {
    if (current != null) {
      current.close();
      forget();
    }
  }

  private void forget() {
    current = null;
    lastRow = -1;
    lastField = null;
    lastTarget = null;
  }

  /// Ends the batch; a column without a value in it is all null.
  FieldVector finish(int rows, BufferAllocator allocator) {
    FieldVector vector = open(allocator, rows).finish(rows);
    forget();
    return vector;
  }
}
