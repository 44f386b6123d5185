package dev.dltjava.normalize;

import dev.dltjava.arrow.BatchMemory;
import dev.dltjava.column.Column;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.identity.RowIds;
import dev.dltjava.schema.ColumnType;
import dev.dltjava.schema.DataType;
import dev.dltjava.schema.KnownTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Fills one table: its columns over all batches, and its rows of the current one. One owner, one
/// thread.
final class TableWriter {
  /// A column that joined the table in the current row, and its place in dlt's walk over the row.
  private record NewColumn(TableColumn column, Traversal.Key key) {}

  /// Most tables of most sources are small.
  private static final int FIRST_BATCH_ROWS = 64;

  final String name;

  /// The path of normalized names from the root table, joined, not shortened.
  final String path;

  final @Nullable TableWriter parent;
  final ObjectNode record = new ObjectNode("", null);

  /// The fields of rows that are no objects, once there are any.
  @Nullable FieldNode valueField;

  @Nullable FieldNode listField;

  private final KnownTable known;
  private final NormalizerOptions options;
  private final Caller caller;
  private final DltColumns dltColumns;
  private final Map<String, TableColumn> byName = new HashMap<>();
  private final List<TableColumn> columns = new ArrayList<>();

  /// Counts the rows with which columns came or went.
  private int changes = 1;

  private final List<NewColumn> newColumns = new ArrayList<>();
  private final Comparator<NewColumn> newColumnOrder;

  /// How many columns stand before those that dlt adds: those of the first row.
  private int leadingColumns = -1;

  private boolean firstBatch = true;

  private @Nullable BatchMemory memory;
  private int rows;

  /// Rows and bytes of the batch before: the next one is taken to have as many.
  private int expectedRows = FIRST_BATCH_ROWS;

  private long expectedBytes;

  /// Position of the next field in the current row.
  private int position;

  /// What of the next record goes into `projections`, if anything.
  private @Nullable String projection;

  private @Nullable TableColumn projections;

  /// The primary key of the current row, where ids are made from it.
  final @Nullable RowKey key;

  TableWriter(
      String name,
      String path,
      @Nullable TableWriter parent,
      TableSettings settings,
      @Nullable RowKey key) {
    checkName(name);
    this.key = key;
    this.name = name;
    this.path = path;
    this.parent = parent;
    this.options = settings.options();
    this.caller = settings.caller();
    this.known = options.known().getOrDefault(name, KnownTable.NONE);
    this.dltColumns = new DltColumns(this, settings);
    Comparator<Traversal.Key> order = Traversal.comparator(options.columnOrder());
    this.newColumnOrder = (left, right) -> order.compare(left.key, right.key);
  }

  /// Starts a row of a child table and returns its index in the current batch.
  ///
  /// @param parentRow index of the parent's row in the parent's current batch
  /// @param listIndex position in the parent's list
  int startRow(BatchMemorySource memories, TableWriter parentTable, int parentRow, int listIndex) {
    dltColumns.startRow(rows, parentTable, parentRow, listIndex);
    return startRow(memories);
  }

  /// Starts a row of a root table and returns its index in the current batch.
  int startRow(BatchMemorySource memories) {
    if (memory == null) {
      memory = memories.open(expectedBytes);
    }
    if (key != null) {
      key.startRow();
    }
    if (projection != null) {
      writeProjection(projection);
    }
    position = 0;
    record.enter();
    return rows;
  }

  /// Sets what of the next record goes into the column for such parts.
  void setProjection(String json) {
    projection = json;
  }

  private void writeProjection(String json) {
    if (projections == null) {
      ColumnType text = ColumnType.of(DataType.TEXT);
      projections = new TableColumn(NormalizerOptions.PROJECTION, false, text, -1);
    }
    byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
    ((Column.Text) open(projections)).set(rows, utf8, 0, utf8.length);
  }

  /// Ends the row that was started last.
  void endRow() {
    if (!newColumns.isEmpty()) {
      changes++;
      newColumns.sort(newColumnOrder);
      for (NewColumn added : newColumns) {
        if (added.column.join(rows)) {
          columns.add(added.column);
        } else {
          byName.remove(added.column.name);
        }
      }
      newColumns.clear();
    }
    if (leadingColumns < 0) {
      leadingColumns = columns.size();
    }
    rows++;
  }

  int rows() {
    return rows;
  }

  /// Sets the place of the next field in the walk over the row, when a source builds rows itself.
  void moveTo(int newPosition) {
    position = newPosition;
  }

  /// Whether the column of a field is known to hold JSON text, or has held it in a row before.
  boolean holdsJson(FieldNode field) {
    if (field.withoutJsonAt == changes) {
      return false;
    }
    ColumnType type = known.columns().get(field.columnName);
    TableColumn column = byName.get(field.columnName);
    boolean holds =
        type == null ? column != null && column.heldJson() : type.dataType() == DataType.JSON;
    if (!holds) {
      field.withoutJsonAt = changes;
    }
    return holds;
  }

  /// The column for a field's values; it joins the table with the current row if it is new.
  TableColumn columnOf(FieldNode field) {
    TableColumn column = field.column;
    if (column == null || column.removed()) {
      column = column(field.columnName, false, field);
      column.addWriter(field, rows);
      field.column = column;
    }
    return column;
  }

  /// The column for a field's values, `null` if there is none so far.
  @Nullable TableColumn existingColumnOf(FieldNode field) {
    TableColumn column = field.column;
    if (column == null || column.removed()) {
      column = byName.get(field.columnName);
      if (column != null) {
        column.addWriter(field, rows);
      }
      field.column = column;
    }
    return column;
  }

  /// Takes back the value that `field` has in the current row.
  void release(FieldNode field) {
    if (field.column != null) {
      field.column.release(rows, field);
      if (key != null && field.column.keyIndex >= 0) {
        key.clear(field.column.keyIndex);
      }
    }
  }

  /// The first of the last rows whose parents are rows of `table` from `row` on.
  int firstRowBelow(TableWriter table, int row) {
    return dltColumns.firstRowBelow(rows, table, row);
  }

  /// Takes back the last rows, from row `from` on.
  void truncate(int from) {
    changes++;
    byName.values().removeIf(column -> !column.truncate(from, rows));
    columns.removeIf(TableColumn::removed);
    if (from == 0 && firstBatch) {
      leadingColumns = -1;
    }
    rows = from;
  }

  /// Whether no batch of the table was handed out.
  boolean isNew() {
    return firstBatch;
  }

  /// The column that takes the values of type `type` which do not fit into `column`.
  TableColumn variantOf(String variantName, FieldNode field) {
    return column(variantName, true, field);
  }

  private TableColumn column(String columnName, boolean variant, FieldNode field) {
    TableColumn existing = byName.get(columnName);
    if (existing != null) {
      return existing;
    }
    if (byName.size() == options.limits().columns()) {
      throw new DltJavaException(
          ErrorCode.LIMIT,
          ErrorLocation.NONE.withColumn(columnName),
          "table '"
              + name
              + "' would get more than "
              + options.limits().columns()
              + " columns; the option max_columns sets this limit");
    }
    checkName(columnName);
    boolean own = dltColumns.owns(columnName);
    ColumnType type = own ? ColumnType.of(DataType.TEXT) : known.columns().get(columnName);
    TableColumn added =
        new TableColumn(columnName, variant, type, key == null ? -1 : key.indexOf(columnName));
    if (type == null && !variant && options.inference().preferredTypes()) {
      caller.preferredType(columnName).map(ColumnType::of).ifPresent(added::fixType);
    }
    byName.put(columnName, added);
    if (!own) {
      newColumns.add(new NewColumn(added, Traversal.Key.of(field, position++)));
    }
    return added;
  }

  /// Refuses what Arrow's names, which C reads as UTF-8 up to a NUL, would cut off or change. Only
  /// naming conventions that keep all characters make such names.
  private static void checkName(String name) {
    if (name.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw new DltJavaException(
          ErrorCode.VALUE,
          ErrorLocation.NONE.withColumn(name.replace('\0', '␀')),
          "a key holds a NUL character or half of a surrogate pair, which names of tables and"
              + " columns cannot: use the naming convention snake_case");
    }
  }

  Column open(TableColumn column) {
    return column.open(openMemory().allocator(), expectedRows);
  }

  private BatchMemory openMemory() {
    if (memory == null) {
      throw new IllegalStateException("no row was started in " + name);
    }
    return memory;
  }

  /// Gives every row of the current batch its id.
  void assignIds(RowIds ids) {
    dltColumns.assign(rows, ids);
  }

  /// Sets the id of the row that is being filled.
  void setContentId(String id) {
    dltColumns.setContentId(rows, id);
  }

  DltColumns dltColumns() {
    return dltColumns;
  }

  /// Whether the row that is being filled brings its own id.
  boolean hasOwnId() {
    return dltColumns.hasOwnId(rows);
  }

  /// A column of data under a name that dlt fills itself, if there is one.
  @Nullable TableColumn ownColumn(String columnName) {
    return byName.get(columnName);
  }

  /// Ends the batch, if it has rows, after the ids of all tables are assigned.
  Optional<TableBatch> finish() {
    if (memory == null || rows == 0) {
      return Optional.empty();
    }
    BatchMemory finished = memory;
    List<FieldVector> vectors = new ArrayList<>();
    try {
      for (int i = 0; i < columns.size(); i++) {
        if (i == leadingColumns) {
          dltColumns.finish(rows, finished.allocator(), vectors);
        }
        vectors.add(columns.get(i).finish(rows, finished.allocator()));
      }
      if (leadingColumns == columns.size()) {
        dltColumns.finish(rows, finished.allocator(), vectors);
      }
      if (projections != null) {
        vectors.add(projections.finish(rows, finished.allocator()));
      }
    } catch (RuntimeException | Error failure) {
      vectors.forEach(FieldVector::close);
      throw failure;
    }
    expectedBytes = finished.usedBytes();
    memory = null;
    return Optional.of(
        new TableBatch(
            name,
            Optional.ofNullable(parent).map(table -> table.name),
            finished,
            vectors,
            takeRows()));
  }

  private int takeRows() {
    int taken = rows;
    firstBatch = false;
    expectedRows = taken;
    rows = 0;
    return taken;
  }

  /// What was learnt of the table, between two records.
  Outline.Table outline() {
    return new Outline.Table(
        name,
        path,
        Optional.ofNullable(parent).map(table -> table.name),
        columns.stream().map(TableColumn::outline).toList(),
        leadingColumns,
        firstBatch);
  }

  boolean matches(Outline.Table outline) {
    return columns.size() == outline.columns().size()
        && leadingColumns == outline.leadingColumns()
        && firstBatch == outline.isNew();
  }

  /// Learns what another writer of the same table has learnt, which has all columns of this one.
  void adopt(Outline.Table outline) {
    changes++;
    for (Outline.Column column :
        outline.columns().subList(columns.size(), outline.columns().size())) {
      int keyIndex = key == null ? -1 : key.indexOf(column.name());
      TableColumn added = TableColumn.joined(column, keyIndex);
      byName.put(added.name, added);
      columns.add(added);
    }
    leadingColumns = outline.leadingColumns();
    firstBatch = outline.isNew();
  }

  /// Forgets the ids of the batch that ended.
  void startBatch() {
    dltColumns.clear();
  }

  /// Frees the current batch.
  void discard() {
    for (TableColumn column : byName.values()) {
      column.discard();
    }
    if (projections != null) {
      projections.discard();
    }
    if (memory != null) {
      memory.close();
      memory = null;
    }
    rows = 0;
    dltColumns.clear();
  }
}
