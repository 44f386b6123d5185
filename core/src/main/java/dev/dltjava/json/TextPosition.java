package dev.dltjava.json;

/// A place between two documents of a text.
///
/// @param byteOffset bytes before it
/// @param line the line that it is in, the first one is 1
/// @param records records before it
public record TextPosition(long byteOffset, long line, long records) {
  /// The start of a text.
  public static final TextPosition START = new TextPosition(0, 1, 0);

  /// The place that lies behind this one as far as `end` lies behind the start.
  public TextPosition plus(TextPosition end) {
    return new TextPosition(
        byteOffset + end.byteOffset, line + end.line - START.line, records + end.records);
  }
}
