package dev.dltjava.normalize;

import dev.dltjava.schema.ColumnType;
import java.util.List;
import java.util.Optional;

/// What a normalizer has learnt of its tables between two records: all that decides, beside its
/// options, what becomes of the next one. It only grows. Another normalizer with the same options
/// that adopts it goes on as if it had read the same records.
///
/// @param tables in the order in which they were made, the root table first
public record Outline(List<Table> tables) {
  /// That of a normalizer that has read nothing.
  public static final Outline EMPTY = new Outline(List.of());

  /// A table.
  ///
  /// @param path not shortened
  /// @param parent name of its parent, empty for a root table
  /// @param columns in their order, without those that dlt adds
  /// @param leadingColumns so many of them stand before those that dlt adds, -1 if there is no row
  /// @param isNew whether there is no batch of it
  record Table(
      String name,
      String path,
      Optional<String> parent,
      List<Column> columns,
      int leadingColumns,
      boolean isNew) {}

  /// A column.
  ///
  /// @param isVariant whether it takes what does not fit into another column
  record Column(String name, boolean isVariant, ColumnType type) {}
}
