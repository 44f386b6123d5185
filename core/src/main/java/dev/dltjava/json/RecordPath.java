package dev.dltjava.json;

import java.util.List;

/// Where the records of a document are.
///
/// @param keys object keys from the root to the record or the array of records, none for the root
/// @param missing what a document without that place is
public record RecordPath(List<String> keys, Missing missing) {
  /// The document itself.
  public static final RecordPath ROOT = new RecordPath(List.of(), Missing.REFUSED);

  /// What a document without records where they should be is.
  public enum Missing {
    /// An error.
    REFUSED,
    /// A document without records, if the last key is absent or its value null.
    IGNORED,
    /// A document without records, whatever it is instead: what dlt's data selectors do not match.
    EMPTY
  }

  public RecordPath {
    keys = List.copyOf(keys);
  }

  /// @param optional whether an absent or null value is no error
  public RecordPath(List<String> keys, boolean optional) {
    this(keys, optional ? Missing.IGNORED : Missing.REFUSED);
  }
}
