package dev.dltjava.normalize;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.identity.RowIds;
import dev.dltjava.json.JsonText;
import dev.dltjava.json.RecordReader;
import dev.dltjava.naming.NamingConvention;
import java.io.IOException;
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

  private final NormalizerOptions options;
  private final BatchMemorySource memories;
  private final TableSettings settings;
  private final NamingConvention naming;
  private final RowIds ids = new RowIds();
  private final FieldWriter writer;

  /// Parents stand before their children.
  private final List<TableWriter> tables = new ArrayList<>();

  private final Map<String, TableWriter> tablesByName = new HashMap<>();
  private final TableWriter root;
  private final JsonFactory jsonFactory;
  private long bytes;

  /// A normalizer whose options leave nothing to a caller.
  public Normalizer(NormalizerOptions options, BatchMemorySource memories) {
    this(options, memories, Caller.NONE);
  }

  /// @param caller asked for what the options leave to it
  public Normalizer(NormalizerOptions options, BatchMemorySource memories, Caller caller) {
    this.options = options;
    this.memories = memories;
    this.naming = options.naming().convention(options.maximumIdentifierLength(), caller::nameOf);
    this.settings = TableSettings.of(options, naming, caller);
    this.writer = new FieldWriter(naming, options);
    this.jsonFactory = RecordReader.factory(options.limits());
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

  /// Adds the record at the parser's current token, which is left on the record's last token.
  public void add(JsonParser parser) throws IOException {
    boolean hashed = options.identity().kind() == RowIdentity.Kind.ROW_HASH;
    if (!hashed && options.projection().isEmpty()) {
      addRecord(parser);
      return;
    }
    String record = JsonText.read(parser);
    if (hashed) {
      hash(record);
    }
    if (!options.projection().isEmpty()) {
      project(record);
    }
    try (JsonParser again = jsonFactory.createParser(record)) {
      again.nextToken();
      addRecord(again);
    }
  }

  /// Makes the id of the next row from the record, sorted.
  private void hash(String record) throws IOException {
    String sorted;
    try (JsonParser parser = jsonFactory.createParser(record)) {
      sorted =
          parser.nextToken() == JsonToken.START_OBJECT
              ? JsonText.readSorted(parser, key -> !key.startsWith(DLT_PREFIX))
              : "{\"" + VALUE + "\":" + JsonText.readSorted(parser, key -> true) + "}";
    }
    root.setContentId(ids.ofContent(sorted));
  }

  private void project(String record) throws IOException {
    try (JsonParser parser = jsonFactory.createParser(record)) {
      parser.nextToken();
      String projection = options.projection().read(parser);
      root.setProjection(projection);
      bytes += projection.length();
    }
  }

  private void addRecord(JsonParser parser) throws IOException {
    int row = root.startRow(memories);
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      readObject(
          parser,
          root,
          root.record,
          new Level(row, options.maximumNesting()),
          options.maximumNesting());
    } else {
      FieldNode value = field(root.record, VALUE);
      readValue(
          parser, root, value, new Level(row, options.maximumNesting()), options.maximumNesting());
    }
    endRecord();
  }

  private void endRecord() {
    if (root.key != null && !root.hasOwnId()) {
      root.setContentId(ids.ofContent(root.key.json()));
    }
    root.endRow();
  }

  /// Adds a row made from the record at the parser's current token.
  public void add(JsonParser parser, RowTemplate template, RecordContext context)
      throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new DltJavaException(
          ErrorCode.RECORD, ErrorLocation.NONE, "expected a record that is an object");
    }
    Level level = new Level(root.startRow(memories), options.maximumNesting());
    boolean[] found = new boolean[template.entries().size()];
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      int used = 0;
      for (int i = 0; i < found.length; i++) {
        if (template.entries().get(i) instanceof RowTemplate.Entry.Field entry
            && entry.key().equals(key)
            && used++ == 0) {
          root.moveTo(i * options.limits().columns());
          FieldNode field = field(root.record, entry.name());
          if (!field.see()) {
            takeBack(root, field);
          }
          readValue(parser, root, field, level, level.nesting);
          found[i] = true;
        }
      }
      if (used == 0) {
        parser.skipChildren();
      }
    }
    for (int i = 0; i < found.length; i++) {
      root.moveTo(i * options.limits().columns());
      addFromRequest(template.entries().get(i), found[i], level.row, context);
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

  /// The row that is being filled.
  ///
  /// @param row its index in the table's batch
  /// @param nesting levels left at the row itself: lists count from here, not from the object they
  ///   are in
  private record Level(int row, int nesting) {}

  private void readObject(
      JsonParser parser, TableWriter table, ObjectNode object, Level level, int nesting)
      throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      FieldNode field = field(object, parser.currentName());
      if (!field.see()) {
        takeBack(table, field);
      }
      parser.nextToken();
      readValue(parser, table, field, level, nesting);
    }
  }

  private void readValue(
      JsonParser parser, TableWriter table, FieldNode field, Level level, int nesting)
      throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        if (keepsJson(table, field, nesting)) {
          writeJson(parser, table, field, level.row);
        } else {
          ObjectNode nested = field.nested;
          if (nested == null) {
            nested = new ObjectNode(field.path, field.object);
            field.nested = nested;
          }
          nested.enter();
          readObject(parser, table, nested, level, nesting - 1);
        }
      }
      case START_ARRAY -> {
        if (keepsJson(table, field, nesting)) {
          writeJson(parser, table, field, level.row);
        } else {
          if (field.hasTwin) {
            takeBackTwins(field);
          }
          TableWriter child = childOf(table, field);
          field.startList(child.rows());
          readList(parser, child, table, level);
        }
      }
      case VALUE_STRING,
          VALUE_NUMBER_INT,
          VALUE_NUMBER_FLOAT,
          VALUE_TRUE,
          VALUE_FALSE,
          VALUE_NULL ->
          bytes += writer.write(table, field, level.row, parser);
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("not a value: " + parser.currentToken());
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
    return nesting <= 0 || table.holdsJson(field.columnName);
  }

  private void writeJson(JsonParser parser, TableWriter table, FieldNode field, int row)
      throws IOException {
    writer.setJson(JsonText.read(parser));
    bytes += writer.write(table, field, row);
  }

  private void readList(JsonParser parser, TableWriter table, TableWriter parent, Level parentLevel)
      throws IOException {
    int nesting = parentLevel.nesting - 1;
    int index = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      int row = table.startRow(memories, new ParentRow(parent, parentLevel.row, index++));
      switch (parser.currentToken()) {
        case START_OBJECT ->
            readObject(parser, table, table.record, new Level(row, nesting), nesting);
        case START_ARRAY -> {
          Level inner = new Level(row, nesting - 1);
          readValue(parser, table, field(table.record, LIST), inner, inner.nesting);
        }
        case VALUE_STRING,
            VALUE_NUMBER_INT,
            VALUE_NUMBER_FLOAT,
            VALUE_TRUE,
            VALUE_FALSE,
            VALUE_NULL ->
            bytes += writer.write(table, field(table.record, VALUE), row, parser);
        case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
            throw new IllegalStateException("not an element: " + parser.currentToken());
      }
      table.endRow();
    }
  }

  private FieldNode field(ObjectNode object, String key) {
    FieldNode field = object.find(key);
    if (field == null) {
      String name = naming.normalizeKey(key);
      boolean top = object.path.isEmpty();
      String path = top ? name : naming.join(object.path, name);
      // Nothing is left of some keys; nested ones join the path of their object, others need a
      // name.
      String column = path.isEmpty() ? naming.normalizeKey("") : naming.shortenPath(path);
      field = new FieldNode(key, object, path, top && !path.isEmpty() ? name : column);
      object.add(field);
    }
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
    RowKey key = keyed ? new RowKey(options.identity().primaryKey(), jsonFactory) : null;
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

  /// Frees the rows that were not handed out.
  @Override
  public void close() {
    for (TableWriter table : tables) {
      table.discard();
    }
  }
}
