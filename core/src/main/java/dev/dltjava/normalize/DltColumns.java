package dev.dltjava.normalize;

import dev.dltjava.column.Column;
import dev.dltjava.column.ColumnHeader;
import dev.dltjava.identity.NestedIds;
import dev.dltjava.identity.RowIds;
import dev.dltjava.schema.ColumnType;
import dev.dltjava.schema.DataType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// The columns that dlt adds to a table, filled when a batch ends: `_dlt_load_id` and `_dlt_id` of
/// a root table, on demand `_dlt_root_id`, then `_dlt_parent_id`, `_dlt_list_idx` and `_dlt_id` of
/// a child table. One owner, one thread.
final class DltColumns {
  private static final int INITIAL_ROWS = 256;
  private static final String[] NOTHING = new String[0];
  private static final int NOT_ASSIGNED = -1;

  private final TableWriter table;
  private final DltNames names;
  private final byte[] tableName;
  private final Optional<byte[]> loadId;
  private final boolean rootId;
  private int[] parentRows = new int[INITIAL_ROWS];
  private int[] listIndexes = new int[INITIAL_ROWS];

  /// Two lists of different tables may have the same name, hence a parent for each row.
  private TableWriter[] parents = new TableWriter[INITIAL_ROWS];

  /// The ids of the rows, one behind the other, once they are assigned to so many rows.
  private byte[] ids = new byte[0];

  private int assigned = NOT_ASSIGNED;

  /// Ids that data bring, by their rows.
  private final Map<Integer, byte[]> ownIds = new HashMap<>();

  /// Ids of root rows that come from their content; null for rows with random ids.
  private @Nullable String[] contentIds = NOTHING;

  DltColumns(TableWriter table, TableSettings settings) {
    this.table = table;
    this.names = settings.dltNames();
    this.tableName = table.name.getBytes(StandardCharsets.UTF_8);
    this.rootId = settings.options().identity().rootId();
    this.loadId = settings.options().loadId().map(id -> id.getBytes(StandardCharsets.UTF_8));
  }

  /// Whether a field of the data with that name does not become a column of its own.
  boolean owns(String columnName) {
    if (loadId.isEmpty()) {
      return false;
    }
    if (table.parent == null) {
      return columnName.equals(names.id()) || columnName.equals(names.loadId());
    }
    return columnName.equals(names.id())
        || columnName.equals(names.parentId())
        || columnName.equals(names.listIndex())
        || (rootId && columnName.equals(names.rootId()));
  }

  void startRow(int row, TableWriter parent, int parentRow, int listIndex) {
    if (row == parentRows.length) {
      parentRows = Arrays.copyOf(parentRows, row * 2);
      listIndexes = Arrays.copyOf(listIndexes, row * 2);
      parents = Arrays.copyOf(parents, row * 2);
    }
    parents[row] = parent;
    parentRows[row] = parentRow;
    listIndexes[row] = listIndex;
  }

  /// The first of the last rows whose parents are rows of `parent` from `parentRow` on.
  int firstRowBelow(int rows, TableWriter parent, int parentRow) {
    int row = rows;
    while (row > 0 && parents[row - 1] == parent && parentRows[row - 1] >= parentRow) {
      row--;
    }
    return row;
  }

  /// Sets the id of a root row.
  void setContentId(int row, String id) {
    if (row >= contentIds.length) {
      contentIds = Arrays.copyOf(contentIds, Math.max(INITIAL_ROWS, row * 2));
    }
    contentIds[row] = id;
  }

  /// Gives every row of the batch its id, those of the parents first.
  void assign(int rows, RowIds source) {
    if (loadId.isEmpty() || assigned == rows) {
      return;
    }
    if (ids.length < rows * RowIds.LENGTH) {
      ids = new byte[rows * RowIds.LENGTH];
    }
    if (table.parent == null) {
      assignRoots(rows, source);
    } else {
      assignNested(rows, source);
    }
    assigned = rows;
    keepOwnIds(rows);
  }

  private void assignRoots(int rows, RowIds source) {
    for (int row = 0; row < rows; row++) {
      String contentId = row < contentIds.length ? contentIds[row] : null;
      if (contentId == null) {
        source.random(ids, row * RowIds.LENGTH);
      } else {
        byte[] ascii = contentId.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, ids, row * RowIds.LENGTH, RowIds.LENGTH);
      }
    }
  }

  private void assignNested(int rows, RowIds source) {
    for (int row = 0; row < rows; row++) {
      parents[row].assignIds(source);
    }
    NestedIds nested = source.nested();
    nested.start(tableName, ids);
    for (int row = 0; row < rows; row++) {
      DltColumns above = parents[row].dltColumns();
      int parent = parentRows[row];
      byte[] own = above.ownId(parent);
      int at = row * RowIds.LENGTH;
      if (own != null) {
        nested.add(own, 0, own.length, listIndexes[row], at);
      } else {
        nested.add(above.ids, parent * RowIds.LENGTH, RowIds.LENGTH, listIndexes[row], at);
      }
    }
    nested.finish();
  }

  /// The id that data brought for a row, `null` for most.
  private byte @Nullable [] ownId(int row) {
    return ownIds.isEmpty() ? null : ownIds.get(row);
  }

  /// Adds the columns to `vectors`, after the ids of all tables are assigned.
  void finish(int rows, BufferAllocator allocator, List<FieldVector> vectors) {
    if (loadId.isEmpty()) {
      return;
    }
    if (table.parent == null) {
      vectors.add(repeated(loadId.get(), rows, allocator));
    } else {
      if (rootId) {
        vectors.add(rootIds(rows, allocator));
      }
      vectors.add(parentIds(rows, allocator));
      vectors.add(listIndexes(rows, allocator));
    }
    vectors.add(ids(rows, allocator));
  }

  private FieldVector rootIds(int rows, BufferAllocator allocator) {
    Column.Text column = texts(names.rootId(), rows, RowIds.LENGTH, allocator);
    for (int row = 0; row < rows; row++) {
      DltColumns columns = this;
      int current = row;
      while (columns.table.parent != null) {
        TableWriter parent = columns.parents[current];
        current = columns.parentRows[current];
        columns = parent.dltColumns();
      }
      columns.writeId(current, column, row);
    }
    return column.finish(rows);
  }

  private FieldVector parentIds(int rows, BufferAllocator allocator) {
    Column.Text column = texts(names.parentId(), rows, RowIds.LENGTH, allocator);
    for (int row = 0; row < rows; row++) {
      parents[row].dltColumns().writeId(parentRows[row], column, row);
    }
    return column.finish(rows);
  }

  private FieldVector ids(int rows, BufferAllocator allocator) {
    Column.Text column = texts(names.id(), rows, RowIds.LENGTH, allocator);
    for (int row = 0; row < rows; row++) {
      writeId(row, column, row);
    }
    return column.finish(rows);
  }

  private void writeId(int row, Column.Text target, int targetRow) {
    byte[] own = ownId(row);
    if (own != null) {
      target.set(targetRow, own, 0, own.length);
    } else {
      target.set(targetRow, ids, row * RowIds.LENGTH, RowIds.LENGTH);
    }
  }

  /// Forgets the batch.
  void clear() {
    assigned = NOT_ASSIGNED;
    ownIds.clear();
    contentIds = NOTHING;
  }

  /// Rows that bring an id of their own keep it.
  private void keepOwnIds(int rows) {
    TableColumn own = table.ownColumn(names.id());
    if (own != null) {
      for (int row = 0; row < rows; row++) {
        byte[] id = own.textAt(row);
        if (id != null && id.length > 0) {
          ownIds.put(row, id);
        }
      }
      own.discard();
    }
  }

  boolean hasOwnId(int row) {
    TableColumn own = table.ownColumn(names.id());
    byte[] id = own == null ? null : own.textAt(row);
    return id != null && id.length > 0;
  }

  private FieldVector listIndexes(int rows, BufferAllocator allocator) {
    Column.Long64 column =
        (Column.Long64) allocate(names.listIndex(), DataType.BIGINT, rows, 0, allocator);
    for (int row = 0; row < rows; row++) {
      column.set(row, listIndexes[row]);
    }
    return column.finish(rows);
  }

  private FieldVector repeated(byte[] text, int rows, BufferAllocator allocator) {
    Column.Text column = texts(names.loadId(), rows, text.length, allocator);
    for (int row = 0; row < rows; row++) {
      column.set(row, text, 0, text.length);
    }
    return column.finish(rows);
  }

  private static Column.Text texts(String name, int rows, int length, BufferAllocator allocator) {
    return (Column.Text)
        allocate(name, DataType.TEXT, rows, (long) rows * length + Long.BYTES, allocator);
  }

  private static Column allocate(
      String name, DataType type, int rows, long bytes, BufferAllocator allocator) {
    ColumnHeader header = new ColumnHeader(name, ColumnType.of(type), false, false);
    return Column.allocate(header, allocator, rows, bytes);
  }
}
