package dev.dltjava.normalize;

/// The order in which the new columns of a row join its table; dlt's has changed between versions.
public enum ColumnOrder {
  /// As the keys stand in the document.
  DOCUMENT,
  /// An object's scalars first, then its nested objects, the last one first: dlt walks them with a
  /// stack.
  SCALARS_FIRST
}
