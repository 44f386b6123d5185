package dev.dltjava.normalize;

/// How the types of new columns are found.
///
/// @param isoTimestamps whether texts that look like ISO 8601 timestamps are timestamps
/// @param preferredTypes whether the caller is asked for the type of each new column
/// @param marks whether a text that begins with a mark of a type is a value of that type
public record Inference(boolean isoTimestamps, boolean preferredTypes, boolean marks) {
  /// As a new schema of dlt does.
  public static final Inference STANDARD = new Inference(true, false, false);
}
