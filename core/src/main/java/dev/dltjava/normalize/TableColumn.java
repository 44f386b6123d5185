package dev.dltjava.normalize;

import dev.dltjava.column.Column;
import dev.dltjava.column.ColumnHeader;
import dev.dltjava.schema.ColumnType;
import dev.dltjava.schema.DataType;
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

  /// Whether the type came with the column, not with its first value.
  private final boolean known;

  /// Whether no row but the current one can have a value.
  private boolean fresh = true;

  /// The row of the current batch with which the column joined its table, -1 for an earlier batch.
  private int firstRow = -1;

  private boolean removed;
  private @Nullable Column current;

  /// The only key that writes here, until there is another.
  private @Nullable FieldNode writer;

  private boolean shared;

  /// The current batch's part of the column, if nothing has to be asked before a value of its type
  /// is set; `null` in doubt.
  private @Nullable Column direct;

  /// Room for values of any length: a little more than in the batch before, as growing copies them.
  private long expectedBytes;

  /// The row, and the key in it, that wrote here last: two keys may have the same name.
  private int lastRow = -1;

  private @Nullable FieldNode lastField;

  /// Where the last value went, here or to a variant, and its row.
  private @Nullable TableColumn lastTarget;

  private int lastTargetRow = -1;

  TableColumn(String name, boolean variant, @Nullable ColumnType type, int keyIndex) {
    this.name = name;
    this.variant = variant;
    this.type = type;
    this.keyIndex = keyIndex;
    this.known = type != null;
  }

  /// A column that has joined its table in an earlier batch.
  static TableColumn joined(Outline.Column outline, int keyIndex) {
    TableColumn column =
        new TableColumn(outline.name(), outline.isVariant(), outline.type(), keyIndex);
    column.fresh = false;
    return column;
  }

  /// What was learnt of the column, after it has joined its table.
  Outline.Column outline() {
    if (type == null) {
      throw new IllegalStateException("column " + name + " has no type yet");
    }
    return new Outline.Column(name, variant, type);
  }

  @Nullable ColumnType type() {
    return type;
  }

  /// Whether rows before the current one have made it a column of JSON text.
  boolean heldJson() {
    return !fresh && type != null && type.dataType() == DataType.JSON;
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
      ColumnHeader header = new ColumnHeader(name, type, true, variant);
      current = Column.allocate(header, allocator, expectedRows, expectedBytes);
    }
    return current;
  }

  /// The current batch's part of the column, `null` if the batch has no value of it yet.
  @Nullable Column current() {
    return current;
  }

  /// The current batch's part of the column, if a value of its type that is no JSON text can be set
  /// without [#claim]; `null` if not.
  @Nullable Column direct() {
    return direct;
  }

  /// Notes that a key writes here.
  ///
  /// @param row the current row
  void addWriter(FieldNode field, int row) {
    if (writer != null && writer != field && !shared) {
      shared = true;
      claimBelatedly(writer, row);
    }
    writer = field;
  }

  /// Makes up for what was not noted while there was one key.
  private void claimBelatedly(FieldNode first, int row) {
    if (direct != null && lastRow != row && first.isInRow()) {
      lastRow = row;
      lastField = first;
      if (direct.isSet(row)) {
        wroteTo(this, row);
      }
    }
    direct = null;
  }

  /// Lets values be set directly from now on, if nothing speaks against it.
  void openDirectly() {
    boolean plain = type != null && type.dataType() != DataType.JSON;
    direct = plain && !shared && !fresh && keyIndex < 0 ? current : null;
  }

  /// Claims `row` for a value of `field`; false if an earlier value of another key with the same
  /// name stays.
  boolean claim(int row, FieldNode field, ColumnOrder order) {
    if (lastRow == row && lastField != null) {
      if (!Traversal.winsOver(field, lastField, order)) {
        return false;
      }
      clearTarget(row);
    }
    lastRow = row;
    // Nearly always the same: a comparison is cheaper than the collector's note of the store.
    if (lastField != field) {
      lastField = field;
    }
    return true;
  }

  /// Takes the value of `field` back, if it is the one at `row`.
  void release(int row, FieldNode field) {
    if (lastRow == row && lastField == field) {
      clearTarget(row);
      lastRow = -1;
      lastField = null;
    } else if (direct != null) {
      direct.clear(row);
    }
  }

  private void clearTarget(int row) {
    if (lastTarget != null && lastTargetRow == row) {
      lastTarget.clear(row);
      lastTargetRow = -1;
    }
  }

  /// Lets the column join its table with the value at `row`; false if the value was taken back and
  /// nothing else is known of the column.
  boolean join(int row) {
    fresh = false;
    if (!known && (current == null || !current.isSet(row))) {
      remove();
      return false;
    }
    firstRow = row;
    return true;
  }

  /// Whether the table has forgotten the column, because no row has a value any more.
  boolean removed() {
    return removed;
  }

  private void remove() {
    removed = true;
    discard();
  }

  /// Forgets the values from row `from` on; false if no value is left because the column joined
  /// with one of them.
  boolean truncate(int from, int to) {
    if (firstRow >= from) {
      remove();
      return false;
    }
    if (current != null) {
      current.truncate(from, to);
    }
    lastRow = -1;
    lastField = null;
    lastTarget = null;
    lastTargetRow = -1;
    return true;
  }

  /// Notes that the value at `row` went to a column.
  void wroteTo(TableColumn target, int row) {
    if (lastTarget != target) {
      lastTarget = target;
    }
    lastTargetRow = row;
  }

  private void clear(int row) {
    if (current != null) {
      current.clear(row);
      if (fresh && !known) {
        // The next value is the first, and decides on the type.
        current.close();
        current = null;
        direct = null;
        type = null;
      }
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
    direct = null;
    lastRow = -1;
    lastField = null;
    lastTarget = null;
    lastTargetRow = -1;
    firstRow = -1;
  }

  /// Ends the batch; a column without a value in it is all null.
  FieldVector finish(int rows, BufferAllocator allocator) {
    Column column = open(allocator, rows);
    expectedBytes = column.valueBytes() + column.valueBytes() / 8;
    FieldVector vector = column.finish(rows);
    forget();
    return vector;
  }
}
