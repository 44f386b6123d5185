package dev.dltjava.normalize;

import dev.dltjava.column.Column;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.JsonKind;
import dev.dltjava.json.JsonText;
import dev.dltjava.json.TypeMark;
import dev.dltjava.naming.NamingConvention;
import dev.dltjava.schema.ColumnType;
import dev.dltjava.schema.DataType;
import java.time.Instant;

/// Writes scalars into the columns of their fields, or into variant columns where they do not fit.
/// One owner, one thread.
final class FieldWriter {
  /// What a fixed-width value adds to a batch, validity included.
  private static final long FIXED_BYTES = 9;

  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long NANOS_PER_MICRO = 1_000;

  private final NamingConvention naming;
  private final ColumnOrder order;
  private final Coercion coercion;
  private final Scalar value = new Scalar();
  private final boolean marks;

  FieldWriter(NamingConvention naming, NormalizerOptions options) {
    this.naming = naming;
    this.order = options.columnOrder();
    this.marks = options.inference().marks();
    this.coercion = new Coercion(options.limits(), options.inference().isoTimestamps());
  }

  /// Writes the scalar that the cursor has read, null included; about how many bytes that took.
  long write(TableWriter table, FieldNode field, int row, JsonCursor cursor) {
    TableColumn known = field.column;
    Column direct = known == null ? null : known.direct();
    if (direct != null) {
      JsonKind kind = cursor.kind();
      if (kind == JsonKind.NULL) {
        return 0;
      }
      if (coercion.putDirectly(kind, cursor, direct, row)) {
        boolean sized = kind == JsonKind.STRING;
        return sized ? FIXED_BYTES + cursor.end() - cursor.start() : FIXED_BYTES;
      }
    }
    return writeClaiming(table, field, row, cursor);
  }

  private long writeClaiming(TableWriter table, FieldNode field, int row, JsonCursor cursor) {
    TableColumn known = field.column;
    if (known != null && known.keyIndex < 0) {
      Column column = known.current();
      ColumnType type = known.type();
      // A column without a value in this batch, and a value of another type, take the long way.
      if (column != null && type != null && cursor.kind() != JsonKind.NULL && !isMarked(cursor)) {
        if (!known.claim(row, field, order)) {
          return 0;
        }
        // With what an equal key wrote the column's memory may have gone, if that was its only
        // value.
        if (column == known.current() && coercion.putPlain(cursor, column, type, row)) {
          known.wroteTo(known, row);
          if (!marks) {
            known.openDirectly();
          }
          boolean sized = cursor.kind() == JsonKind.STRING;
          return sized ? FIXED_BYTES + cursor.end() - cursor.start() : FIXED_BYTES;
        }
      }
    }
    if (value.read(cursor)) {
      if (marks) {
        value.unmark();
      }
      return write(table, field, row);
    }
    // A null makes no column, but it replaces an earlier value under the same name.
    TableColumn column = table.existingColumnOf(field);
    if (column != null && column.claim(row, field, order)) {
      if (table.key != null && column.keyIndex >= 0) {
        table.key.clear(column.keyIndex);
      }
    }
    return 0;
  }

  private boolean isMarked(JsonCursor cursor) {
    return marks
        && cursor.kind() == JsonKind.STRING
        && TypeMark.isAt(cursor.text(), cursor.start(), cursor.end());
  }

  void setConstant(Object constant) {
    switch (constant) {
      case String text -> value.setText(text);
      case Long number -> value.setLong(number);
      case Double number -> value.setDouble(number);
      case Boolean flag -> value.setBoolean(flag);
      default -> throw new IllegalArgumentException("not a constant: " + constant.getClass());
    }
  }

  void setTimestamp(Instant instant) {
    value.setTimestamp(
        instant.getEpochSecond() * MICROS_PER_SECOND + instant.getNano() / NANOS_PER_MICRO);
  }

  void setJson(JsonText json) {
    value.setJson(json);
  }

  /// Writes the value that was set last.
  long write(TableWriter table, FieldNode field, int row) {
    TableColumn column = table.columnOf(field);
    if (!column.claim(row, field, order)) {
      return 0;
    }
    if (table.key != null && column.keyIndex >= 0) {
      table.key.set(column.keyIndex, value);
    }
    if (put(table, column, field, row)) {
      column.wroteTo(column, row);
    } else {
      String suffix = "v_" + value.declaredType().dltName();
      String name = naming.shortenPath(naming.join(column.name, suffix));
      TableColumn variant = table.variantOf(name, field);
      if (!put(table, variant, field, row)) {
        throw new DltJavaException(
            ErrorCode.VALUE,
            ErrorLocation.NONE.withColumn(name),
            "a value of type "
                + value.declaredType().dltName()
                + " fits neither column '"
                + column.name
                + "' nor its variant '"
                + name
                + "'");
      }
      column.wroteTo(variant, row);
    }
    boolean sized = value.type() == DataType.TEXT || value.type() == DataType.JSON;
    return sized ? FIXED_BYTES + value.length() : FIXED_BYTES;
  }

  private boolean put(TableWriter table, TableColumn column, FieldNode field, int row) {
    ColumnType type = column.type();
    if (type == null) {
      type = ColumnType.of(coercion.infer(value));
      column.fixType(type);
    }
    try {
      return coercion.put(value, table.open(column), type, row);
    } catch (DltJavaException failure) {
      throw failure.at(failure.location().withColumn(field.path));
    }
  }
}
