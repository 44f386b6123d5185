package dev.dltjava.normalize;

import java.util.List;

/// Builds a row from chosen values instead of from the whole record.
///
/// @param entries in the order of the row's fields
public record RowTemplate(List<Entry> entries) {
  public RowTemplate {
    entries = List.copyOf(entries);
  }

  /// One field of the row.
  public sealed interface Entry {
    /// The name of the field in the row, before normalization.
    String name();

    /// The value is the record's, under this key; a record without it is refused.
    record Field(String name, String key) implements Entry {}

    /// The value is the request's constant of this key.
    record Constant(String name, String key) implements Entry {}

    /// The value is the time at which the response arrived.
    record ReceivedAt(String name) implements Entry {}
  }
}
