package dev.dltjava.schema;

import java.util.Map;

/// A table that exists before the source is read: from hints, or from earlier runs.
///
/// @param columns normalized name to type; values are coerced to these types
public record KnownTable(Map<String, ColumnType> columns) {
  /// A table about which nothing is known.
  public static final KnownTable NONE = new KnownTable(Map.of());

  public KnownTable {
    columns = Map.copyOf(columns);
  }
}
