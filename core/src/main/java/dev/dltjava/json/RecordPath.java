package dev.dltjava.json;

import java.util.List;

/// Where the records of a document are.
///
/// @param keys object keys from the root to the record or the array of records, none for the root
/// @param optional whether a document without that place simply has no records
public record RecordPath(List<String> keys, boolean optional) {
  /// The document itself.
  public static final RecordPath ROOT = new RecordPath(List.of(), false);

  public RecordPath {
    keys = List.copyOf(keys);
  }
}
