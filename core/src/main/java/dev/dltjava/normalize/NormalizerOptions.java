package dev.dltjava.normalize;

import dev.dltjava.json.Projection;
import dev.dltjava.limits.Limits;
import dev.dltjava.naming.Naming;
import dev.dltjava.schema.KnownTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How records become tables.
///
/// @param table name of the root table, normalized
/// @param known tables that exist already, by normalized name
/// @param loadId value of `_dlt_load_id`; empty leaves out all columns that dlt adds
/// @param maximumNesting how deep objects are flattened and lists become tables before values stay
///   JSON text
/// @param maximumIdentifierLength longest name in characters, 0 for no limit
/// @param columnOrder the order of a row's new columns
/// @param identity how rows get their ids; without a load id, none do
/// @param naming how keys become names
/// @param inference how new columns get their types
/// @param projection what of each record goes into the column [#PROJECTION] of the root table
public record NormalizerOptions(
    String table,
    Map<String, KnownTable> known,
    Optional<String> loadId,
    int maximumNesting,
    int maximumIdentifierLength,
    ColumnOrder columnOrder,
    RowIdentity identity,
    Naming naming,
    Inference inference,
    Projection projection,
    Limits limits) {
  /// The column for the parts of records that the caller asked for, JSON text.
  public static final String PROJECTION = "_dlt_projection";

  /// dlt's own default nesting.
  public static final int DEFAULT_NESTING = 1000;

  public NormalizerOptions {
    known = Map.copyOf(known);
  }

  /// Options with dlt's default types.
  public NormalizerOptions(
      String table,
      Map<String, KnownTable> known,
      Optional<String> loadId,
      int maximumNesting,
      int maximumIdentifierLength,
      ColumnOrder columnOrder,
      RowIdentity identity,
      Naming naming,
      Limits limits) {
    this(
        table,
        known,
        loadId,
        maximumNesting,
        maximumIdentifierLength,
        columnOrder,
        identity,
        naming,
        Inference.STANDARD,
        Projection.of(List.of()),
        limits);
  }

  /// Options with dlt's default ids, names and types.
  public NormalizerOptions(
      String table,
      Map<String, KnownTable> known,
      Optional<String> loadId,
      int maximumNesting,
      int maximumIdentifierLength,
      ColumnOrder columnOrder,
      Limits limits) {
    this(
        table,
        known,
        loadId,
        maximumNesting,
        maximumIdentifierLength,
        columnOrder,
        RowIdentity.RANDOM,
        Naming.SNAKE_CASE,
        limits);
  }
}
