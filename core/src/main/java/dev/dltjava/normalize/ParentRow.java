package dev.dltjava.normalize;

/// Where the row of a child table comes from.
///
/// @param table the parent table
/// @param row index of the parent's row in the parent's current batch
/// @param listIndex position in the parent's list
record ParentRow(TableWriter table, int row, int listIndex) {}
