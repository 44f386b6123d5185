package dev.dltjava.column;

import dev.dltjava.schema.ColumnType;

/// What is known of a column before it has values.
///
/// @param name normalized name
/// @param variant whether it holds the values of another column that did not fit that column's type
public record ColumnHeader(String name, ColumnType type, boolean nullable, boolean variant) {}
