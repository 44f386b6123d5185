package dev.dltjava.limits;

/// The bounds on outside input and on what is held in memory.
///
/// @param bodyBytes longest decompressed response body, in bytes: more than any page an API
///   returns, less than what would take the machine down
/// @param nestingDepth deepest nesting of a JSON document: the decoder recurses, and a native
///   thread's stack is small
/// @param stringBytes longest JSON string, in UTF-8 bytes: it is held on the capped heap while
///   decoded
/// @param columns most columns of one table: a document whose keys are data must not become a table
///   of a million columns
/// @param tables most tables of one source, for the same reason
/// @param memoryBytes most off-heap bytes that one source holds in bodies and in batches not yet
///   taken
public record Limits(
    long bodyBytes, int nestingDepth, int stringBytes, int columns, int tables, long memoryBytes) {
  /// The limits of a source whose options name none.
  public static final Limits DEFAULT = new Limits(1L << 30, 500, 1 << 28, 10_000, 1_000, 4L << 30);

  public Limits {
    if (bodyBytes < 1
        || nestingDepth < 1
        || stringBytes < 1
        || columns < 1
        || tables < 1
        || memoryBytes < 1) {
      throw new IllegalArgumentException("every limit must be at least 1");
    }
  }

  /// These limits for a text with some levels around what they are meant for.
  public Limits deeperBy(int levels) {
    return new Limits(bodyBytes, nestingDepth + levels, stringBytes, columns, tables, memoryBytes);
  }
}
