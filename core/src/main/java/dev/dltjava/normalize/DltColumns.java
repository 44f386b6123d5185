package dev.dltjava.normalize;

import dev.dltjava.column.Column;
import dev.dltjava.column.ColumnHeader;
import dev.dltjava.identity.RowIds;
import dev.dltjava.schema.ColumnType;
import dev.dltjava.schema.DataType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// The columns that dlt adds to a table, filled when a batch ends: `_dlt_load_id` and `_dlt_id` of
/// a root table, on demand `_dlt_root_id`, then `_dlt_parent_id`, `_dlt_list_idx` and `_dlt_id` of
/// a child table. One owner, one thread.
final class DltColumns {
  private static final int INITIAL_ROWS = 256;
  private static final String[] NOT_ASSIGNED = new String[0];

  private final TableWriter table;
  private final DltNames names;
  private final Optional<byte[]> loadId;
  private final boolean rootId;
  private int[] parentRows = new int[INITIAL_ROWS];
  private int[] listIndexes = new int[INITIAL_ROWS];

  /// Two lists of different tables may have the same name, hence a parent for each row.
  private TableWriter[] parents = new TableWriter[INITIAL_ROWS];

  private String[] ids = NOT_ASSIGNED;

  /// Ids of root rows that come from their content; null for rows with random ids.
  private @Nullable String[] contentIds = NOT_ASSIGNED;

  DltColumns(TableWriter table, TableSettings settings) {
    this.table = table;
    this.names = settings.dltNames();
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

  /// The id of the root row that a row descends from, after [#assign(int, RowIds)].
  private String rootId(int row) {
    DltColumns columns = this;
    int current = row;
    while (columns.table.parent != null) {
      TableWriter parent = columns.parents[current];
      current = columns.parentRows[current];
      columns = parent.dltColumns();
    }
    return columns.ids[current];
  }

  /// The id of a row of the current batch, after [#assign(int, RowIds)].
  String rowId(int row) {
    return ids[row];
  }

  /// Gives every row of the batch its id, those of the parents first.
  void assign(int rows, RowIds source) {
    if (loadId.isEmpty() || ids.length == rows) {
      return;
    }
    String[] assigned = new String[rows];
    for (int row = 0; row < rows; row++) {
      if (table.parent == null) {
        String contentId = row < contentIds.length ? contentIds[row] : null;
        assigned[row] =
            contentId != null
                ? contentId
                : new String(source.random(), StandardCharsets.ISO_8859_1);
      } else {
        parents[row].assignIds(source);
        assigned[row] = source.nested(parentId(row), table.name, listIndexes[row]);
      }
    }
    ids = assigned;
    keepOwnIds();
  }

  private String parentId(int row) {
    return parents[row].rowId(parentRows[row]);
  }

  /// Adds the columns to `vectors`, after the ids of all tables are assigned.
  void finish(int rows, BufferAllocator allocator, List<FieldVector> vectors) {
    if (loadId.isEmpty()) {
      return;
    }
    if (table.parent == null) {
      vectors.add(repeated(loadId.get(), rows, allocator));
    } else {
      String[] parentIds = new String[rows];
      for (int row = 0; row < rows; row++) {
        parentIds[row] = parentId(row);
      }
      if (rootId) {
        String[] rootIds = new String[rows];
        for (int row = 0; row < rows; row++) {
          rootIds[row] = rootId(row);
        }
        vectors.add(texts(names.rootId(), rootIds, allocator));
      }
      vectors.add(texts(names.parentId(), parentIds, allocator));
      vectors.add(listIndexes(rows, allocator));
    }
    vectors.add(texts(names.id(), ids, allocator));
  }

  /// Forgets the batch.
  void clear() {
    ids = NOT_ASSIGNED;
    contentIds = NOT_ASSIGNED;
  }

  /// Rows that bring an id of their own keep it.
  private void keepOwnIds() {
    TableColumn own = table.ownColumn(names.id());
    if (own != null) {
      for (int row = 0; row < ids.length; row++) {
        byte[] id = own.textAt(row);
        if (id != null && id.length > 0) {
          ids[row] = new String(id, StandardCharsets.UTF_8);
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
    Column column = allocate(names.listIndex(), DataType.BIGINT, rows, allocator);
    for (int row = 0; row < rows; row++) {
      ((Column.Long64) column).set(row, listIndexes[row]);
    }
    return column.finish(rows);
  }

  private FieldVector repeated(byte[] text, int rows, BufferAllocator allocator) {
    Column column = allocate(names.loadId(), DataType.TEXT, rows, allocator);
    for (int row = 0; row < rows; row++) {
      ((Column.Text) column).set(row, text, 0, text.length);
    }
    return column.finish(rows);
  }

  private static FieldVector texts(String name, String[] texts, BufferAllocator allocator) {
    Column column = allocate(name, DataType.TEXT, texts.length, allocator);
    for (int row = 0; row < texts.length; row++) {
      byte[] utf8 = texts[row].getBytes(StandardCharsets.UTF_8);
      ((Column.Text) column).set(row, utf8, 0, utf8.length);
    }
    return column.finish(texts.length);
  }

  private static Column allocate(String name, DataType type, int rows, BufferAllocator allocator) {
    return Column.allocate(
        new ColumnHeader(name, ColumnType.of(type), false, false), allocator, rows);
  }
}
