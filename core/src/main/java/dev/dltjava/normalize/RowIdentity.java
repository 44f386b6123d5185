package dev.dltjava.normalize;

import java.util.List;

/// How rows get their `_dlt_id`, and whether rows of child tables name their root's.
///
/// @param rootId whether child tables have a column `_dlt_root_id`
/// @param primaryKey names of the root table's columns that [Kind#KEY_HASH] hashes, normalized
public record RowIdentity(Kind kind, List<String> primaryKey, boolean rootId) {
  /// Random ids, and no `_dlt_root_id`: dlt's default.
  public static final RowIdentity RANDOM = new RowIdentity(Kind.RANDOM, List.of(), false);

  /// What the id of a root table's row is made of; those of child tables always come from their
  /// parent's.
  public enum Kind {
    RANDOM,

    /// The row's primary key, so that a later version of the row gets the same id (dlt: merge
    /// strategies `upsert` and `insert-only`).
    KEY_HASH,

    /// The whole record, so that any change of it makes another id (dlt: `scd2`).
    ROW_HASH
  }

  public RowIdentity {
    primaryKey = List.copyOf(primaryKey);
  }
}
