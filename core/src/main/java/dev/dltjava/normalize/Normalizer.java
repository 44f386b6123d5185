package dev.dltjava.normalize;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.identity.Permutation;
import dev.dltjava.identity.RowIds;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.JsonKind;
import dev.dltjava.json.JsonText;
import dev.dltjava.json.Keys;
import dev.dltjava.naming.NamingConvention;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns records into rows of a root table and its child tables in one pass, as dlt's relational
/// normalizer does (`dlt/common/normalizers/json/relational.py`): objects are flattened with `__`,
/// lists become child tables. Rows gather until [#finish()] hands them out. One owner, one thread.
public final class Normalizer implements AutoCloseable {
  /// The column of a value that is no object, and the field of a list in a list.
  private static final String VALUE = "value";

  private static final String LIST = "list";

  /// Keys that the hash of a record leaves out.
  private static final String DLT_PREFIX = "_dlt";

  private static final byte[] NO_FIELDS = new byte[0];

  private final NormalizerOptions options;
  private final BatchMemorySource memories;
  private final TableSettings settings;
  private final NamingConvention naming;
  private final RowIds ids;
  private final FieldWriter writer;

  /// Parents stand before their children.
  private final List<TableWriter> tables = new ArrayList<>();

  private final Map<String, TableWriter> tablesByName = new HashMap<>();
  private final TableWriter root;
  private final JsonText jsonText;
  private @Nullable TemplateKeys templateKeys;

  /// Reads texts that were written before, while the cursor of a document rests.
  private final JsonCursor again;

  private final RecordCopy copies = new RecordCopy();

  /// Reads the fields that are appended to records.
  private final JsonCursor appended;

  private long bytes;

  /// A normalizer whose options leave nothing to a caller.
  public Normalizer(NormalizerOptions options, BatchMemorySource memories) {
    this(options, memories, Caller.NONE, Permutation.oneByOne());
  }

  /// @param caller asked for what the options leave to it
  /// @param permutation makes ids of child rows
  public Normalizer(
      NormalizerOptions options,
      BatchMemorySource memories,
      Caller caller,
      Permutation permutation) {
    this.ids = new RowIds(permutation);
    this.options = options;
    this.memories = memories;
    this.naming = options.naming().convention(options.maximumIdentifierLength(), caller::nameOf);
    this.settings = TableSettings.of(options, naming, caller);
    this.writer = new FieldWriter(naming, options);
    this.jsonText = new JsonText(options.inference().marks());
    this.again = new JsonCursor(options.limits());
    this.appended = new JsonCursor(options.limits());
    this.root = table(options.table(), options.table(), null);
  }

  /// Rows of the root table that wait for [#finish()].
  public int rows() {
    return root.rows();
  }

  /// About how many bytes of column data wait for [#finish()].
  public long bytes() {
    return bytes;
  }

  /// Adds the record whose first token the cursor has read, and moves the cursor behind it.
  public void add(JsonCursor cursor) {
    add(cursor, NO_FIELDS);
  }

  /// Adds a record as if it had further members behind its own.
  ///
  /// @param fields text of an object with these members, empty for none
  public void add(JsonCursor cursor, byte[] fields) {
    if (fields.length > 0 && cursor.kind() != JsonKind.OBJECT) {
      throw new DltJavaException(
          ErrorCode.RECORD,
          ErrorLocation.NONE,
          "expected a record that is an object, to which the fields of its request can be added");
    }
    boolean hashed = options.identity().kind() == RowIdentity.Kind.ROW_HASH;
    if (!hashed && options.projection().isEmpty()) {
      addRecord(cursor, fields);
      return;
    }
    // Read more than once: as it is, sorted for its hash, and in parts.
    byte[] record;
    if (fields.length == 0) {
      record = copies.of(cursor);
    } else {
      appended.open(fields, 0, fields.length);
      appended.value();
      record = copies.ofBoth(cursor, appended);
    }
    if (hashed) {
      hash(record);
    }
    if (!options.projection().isEmpty()) {
      again.open(record, 0, record.length);
      again.value();
      String projection = options.projection().read(again);
      root.setProjection(projection);
      bytes += projection.length();
    }
    again.open(record, 0, record.length);
    again.value();
    addRecord(again, NO_FIELDS);
  }

  /// Makes the id of the next row from the record, sorted.
  private void hash(byte[] record) {
    again.open(record, 0, record.length);
    boolean object = again.value() == JsonKind.OBJECT;
    jsonText.writeSorted(again, key -> !(object && key.startsWith(DLT_PREFIX)));
    String sorted = jsonText.string();
    root.setContentId(ids.ofContent(object ? sorted : "{\"" + VALUE + "\":" + sorted + "}"));
  }

  private void addRecord(JsonCursor cursor, byte[] fields) {
    int row = root.startRow(memories);
    int nesting = options.maximumNesting();
    if (cursor.kind() == JsonKind.OBJECT) {
      readObject(cursor, root, root.record, row, nesting, nesting);
      if (fields.length > 0) {
        appended.open(fields, 0, fields.length);
        appended.value();
        readObject(appended, root, root.record, row, nesting, nesting);
      }
    } else {
      readValue(cursor, root, valueOf(root), row, nesting, nesting);
    }
    endRecord();
  }

  private void endRecord() {
    if (root.key != null && !root.hasOwnId()) {
      root.setContentId(ids.ofContent(root.key.json()));
    }
    root.endRow();
  }

  /// Adds a row made from the record whose first token the cursor has read, and moves the cursor
  /// behind it.
  public void add(JsonCursor cursor, RowTemplate template, RecordContext context) {
    if (cursor.kind() != JsonKind.OBJECT) {
      throw new DltJavaException(
          ErrorCode.RECORD, ErrorLocation.NONE, "expected a record that is an object");
    }
    int row = root.startRow(memories);
    boolean[] found = new boolean[template.entries().size()];
    if (templateKeys == null || !templateKeys.template.equals(template)) {
      templateKeys = new TemplateKeys(template);
    }
    templateKeys.restart();
    int next;
    while ((next = templateKeys.next(cursor)) != TemplateKeys.END) {
      cursor.value();
      if (next == TemplateKeys.UNUSED) {
        cursor.skipRest();
        continue;
      }
      root.moveTo(next * options.limits().columns());
      FieldNode field = field(root.record, template.entries().get(next).name());
      if (!field.see()) {
        takeBack(root, field);
      }
      readValue(cursor, root, field, row, options.maximumNesting(), options.maximumNesting());
      found[next] = true;
    }
    for (int i = 0; i < found.length; i++) {
      root.moveTo(i * options.limits().columns());
      addFromRequest(template.entries().get(i), found[i], row, context);
    }
    endRecord();
  }

  private void addFromRequest(
      RowTemplate.Entry entry, boolean found, int row, RecordContext context) {
    switch (entry) {
      case RowTemplate.Entry.Field required -> {
        if (!found) {
          throw new DltJavaException(
              ErrorCode.RECORD,
              ErrorLocation.NONE.withColumn(required.key()),
              "the record has no field '" + required.key() + "', which the source needs");
        }
      }
      case RowTemplate.Entry.Constant constant -> {
        Object value = context.constants().get(constant.key());
        if (value == null) {
          throw new DltJavaException(
              ErrorCode.OPTIONS,
              ErrorLocation.NONE.withColumn(constant.key()),
              "the request has no constant '" + constant.key() + "'");
        }
        writer.setConstant(value);
        bytes += writer.write(root, field(root.record, constant.name()), row);
      }
      case RowTemplate.Entry.ReceivedAt received -> {
        writer.setTimestamp(context.receivedAt());
        bytes += writer.write(root, field(root.record, received.name()), row);
      }
    }
  }

  /// @param row the row that is being filled
  /// @param rowNesting levels left at the row itself: lists count from here, not from the object
  ///   they are in
  /// @param nesting levels left at the object
  private void readObject(
      JsonCursor cursor,
      TableWriter table,
      ObjectNode object,
      int row,
      int rowNesting,
      int nesting) {
    Keys<FieldNode> keys = object.keys;
    Keys.Key<FieldNode> key = keys.start();
    while ((key = keys.next(cursor, key)) != null) {
      FieldNode field = field(object, key);
      if (!field.see()) {
        takeBack(table, field);
      }
      cursor.value();
      readValue(cursor, table, field, row, rowNesting, nesting);
    }
  }

  private void readValue(
      JsonCursor cursor, TableWriter table, FieldNode field, int row, int rowNesting, int nesting) {
    JsonKind kind = cursor.kind();
    if (kind != JsonKind.OBJECT && kind != JsonKind.ARRAY) {
      bytes += writer.write(table, field, row, cursor);
    } else {
      readContainer(cursor, table, field, row, rowNesting, nesting);
    }
  }

  private void readContainer(
      JsonCursor cursor, TableWriter table, FieldNode field, int row, int rowNesting, int nesting) {
    if (keepsJson(table, field, nesting)) {
      writeJson(cursor, table, field, row);
    } else if (cursor.kind() == JsonKind.OBJECT) {
      ObjectNode nested = field.nested;
      if (nested == null) {
        nested = new ObjectNode(field.path, field.object);
        field.nested = nested;
      }
      nested.enter();
      readObject(cursor, table, nested, row, rowNesting, nesting - 1);
    } else {
      if (field.hasTwin) {
        takeBackTwins(field);
      }
      // A list without elements makes no table, and says nothing of whose child it would be.
      if (cursor.toElement()) {
        TableWriter child = childOf(table, field);
        field.startList(child.rows());
        readList(cursor, child, table, row, rowNesting - 1);
      }
    }
  }

  /// Takes back the value that the object that is being read had under a key: of equal keys the
  /// last one counts.
  private void takeBack(TableWriter table, FieldNode field) {
    table.release(field);
    if (field.nested != null && field.nested.entered()) {
      for (FieldNode inner : field.nested.fields()) {
        if (inner.seen()) {
          takeBack(table, inner);
        }
      }
    }
    takeBackList(field);
  }

  /// Of two lists in one object whose keys have the same name, the last one counts.
  private void takeBackTwins(FieldNode field) {
    for (FieldNode other : field.object.fields()) {
      if (other.path.equals(field.path)) {
        takeBackList(other);
      }
    }
  }

  private void takeBackList(FieldNode field) {
    int start = field.takeList();
    if (start >= 0 && field.child != null) {
      truncate(field.child, start);
    }
  }

  private void truncate(TableWriter table, int from) {
    for (TableWriter other : List.copyOf(tables)) {
      int first = other == table ? other.rows() : other.firstRowBelow(table, from);
      if (first < other.rows()) {
        truncate(other, first);
      }
    }
    table.truncate(from);
    if (from == 0 && table.isNew()) {
      // The next list of that name may belong to another parent.
      table.discard();
      tables.remove(table);
      tablesByName.remove(table.name);
    }
  }

  private static boolean keepsJson(TableWriter table, FieldNode field, int nesting) {
    return nesting <= 0 || table.holdsJson(field);
  }

  private void writeJson(JsonCursor cursor, TableWriter table, FieldNode field, int row) {
    jsonText.write(cursor);
    writer.setJson(jsonText);
    bytes += writer.write(table, field, row);
  }

  /// Reads a list whose first element the cursor has moved to.
  private void readList(
      JsonCursor cursor, TableWriter table, TableWriter parent, int parentRow, int nesting) {
    int index = 0;
    do {
      int row = table.startRow(memories, parent, parentRow, index++);
      switch (cursor.value()) {
        case OBJECT -> readObject(cursor, table, table.record, row, nesting, nesting);
        case ARRAY -> readValue(cursor, table, listOf(table), row, nesting - 1, nesting - 1);
        case STRING, INTEGER, BIG_INTEGER, FLOAT, TRUE, FALSE, NULL ->
            bytes += writer.write(table, valueOf(table), row, cursor);
        case END -> throw new IllegalStateException("there is no element");
      }
      table.endRow();
    } while (cursor.toElement());
  }

  private FieldNode valueOf(TableWriter table) {
    FieldNode field = table.valueField;
    if (field == null) {
      field = field(table.record, VALUE);
      table.valueField = field;
    }
    return field;
  }

  private FieldNode listOf(TableWriter table) {
    FieldNode field = table.listField;
    if (field == null) {
      field = field(table.record, LIST);
      table.listField = field;
    }
    return field;
  }

  private FieldNode field(ObjectNode object, String key) {
    return field(object, object.keys.key(key));
  }

  private FieldNode field(ObjectNode object, Keys.Key<FieldNode> key) {
    FieldNode field = key.value();
    return field != null ? field : newField(object, key);
  }

  private FieldNode newField(ObjectNode object, Keys.Key<FieldNode> key) {
    String name = naming.normalizeKey(key.name());
    boolean top = object.path.isEmpty();
    String path = top ? name : naming.join(object.path, name);
    // Nothing is left of some keys; nested ones join the path of their object, others need a
    // name.
    String column = path.isEmpty() ? naming.normalizeKey("") : naming.shortenPath(path);
    FieldNode field = new FieldNode(object, path, top && !path.isEmpty() ? name : column);
    object.add(field);
    key.setValue(field);
    return field;
  }

  private TableWriter childOf(TableWriter parent, FieldNode field) {
    TableWriter child = field.child;
    if (child == null || tablesByName.get(child.name) != child) {
      // A list under a key of which nothing is left must not go to the parent's own table.
      String own = field.path.isEmpty() ? naming.normalizeKey("") : field.path;
      String path = naming.join(parent.path, own);
      String name = naming.shortenPath(path);
      TableWriter existing = tablesByName.get(name);
      child = existing != null ? existing : table(name, path, parent);
      field.child = child;
    }
    return child;
  }

  private TableWriter table(String name, String path, @Nullable TableWriter parent) {
    if (tables.size() == options.limits().tables()) {
      throw new DltJavaException(
          ErrorCode.LIMIT,
          ErrorLocation.NONE.withColumn(path),
          "the records would make more than "
              + options.limits().tables()
              + " tables; the option max_tables sets this limit, max_table_nesting lowers the number");
    }
    boolean keyed = parent == null && options.identity().kind() == RowIdentity.Kind.KEY_HASH;
    RowKey key =
        keyed
            ? new RowKey(options.identity().primaryKey(), new JsonCursor(options.limits()))
            : null;
    TableWriter table = new TableWriter(name, path, parent, settings, key);
    tables.add(table);
    tablesByName.put(name, table);
    return table;
  }

  /// Hands out the gathered rows, a parent table before its child tables.
  public List<TableBatch> finish() {
    List<TableBatch> batches = new ArrayList<>();
    try {
      for (TableWriter table : tables) {
        table.assignIds(ids);
      }
      for (TableWriter table : tables) {
        table.finish().ifPresent(batches::add);
      }
      tables.forEach(TableWriter::startBatch);
    } catch (RuntimeException | Error failure) {
      batches.forEach(TableBatch::close);
      throw failure;
    }
    bytes = 0;
    return batches;
  }

  /// What was learnt of the tables so far.
  ///
  /// @param before what was learnt earlier; returned if nothing came to it
  public Outline outline(Outline before) {
    boolean same = before.tables().size() == tables.size();
    for (int i = 0; same && i < tables.size(); i++) {
      same = tables.get(i).matches(before.tables().get(i));
    }
    return same ? before : new Outline(tables.stream().map(TableWriter::outline).toList());
  }

  /// Learns what another normalizer has learnt, which goes on where this one is.
  public void adopt(Outline outline) {
    for (Outline.Table table : outline.tables()) {
      TableWriter writer = tablesByName.get(table.name());
      if (writer == null) {
        TableWriter parent = table.parent().map(tablesByName::get).orElse(null);
        writer = table(table.name(), table.path(), parent);
      }
      writer.adopt(table);
    }
  }

  /// Frees the rows that were not handed out.
  @Override
  public void close() {
    for (TableWriter table : tables) {
      table.discard();
    }
  }
}
