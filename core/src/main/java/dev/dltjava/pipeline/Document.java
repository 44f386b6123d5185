package dev.dltjava.pipeline;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.json.RecordPath;
import dev.dltjava.normalize.RecordContext;
import java.io.IOException;
import java.util.Optional;

/// A text that is to be decoded.
///
/// @param text empty if it counts as one without records
/// @param location where it comes from, for messages
/// @param context what its rows may take from where it comes from
/// @param records where its records are, empty for where the plan says
/// @param fields text of an object whose members are appended to each record
/// @param origin what it is a part of
/// @param continues whether it goes on where the document before it was cut off
/// @param isCut whether the next document goes on where it is cut off
/// @param release frees the text, when nobody reads it any more
record Document(
    Optional<Text> text,
    ErrorLocation location,
    RecordContext context,
    Optional<RecordPath> records,
    Optional<String> fields,
    Origin origin,
    boolean continues,
    boolean isCut,
    Runnable release)
    implements AutoCloseable {
  /// What a text is a part of.
  ///
  /// @param endpoint name of the endpoint for statistics, empty if it has none
  /// @param subject what messages begin with, may be empty
  /// @param isLast whether the request that it belongs to is complete with it
  record Origin(String endpoint, String subject, boolean isLast) {
    /// That of a text that is a whole.
    static final Origin WHOLE = new Origin("", "", true);
  }

  /// A text that comes from no request.
  static Document of(Text text, ErrorLocation location, Runnable release) {
    return part(text, location, false, false, release);
  }

  /// A part of such a text.
  static Document part(
      Text text, ErrorLocation location, boolean continues, boolean isCut, Runnable release) {
    return new Document(
        Optional.of(text),
        location,
        RecordContext.NONE,
        Optional.empty(),
        Optional.empty(),
        Origin.WHOLE,
        continues,
        isCut,
        release);
  }

  /// The failure of reading a text, which only files have.
  static DltJavaException unreadable(ErrorLocation location, IOException cause) {
    return new DltJavaException(
        ErrorCode.OPTIONS, location, "the file cannot be read: " + cause, cause);
  }

  /// Whether it is a part of a text, which may be cut within a document.
  boolean isPart() {
    return continues || isCut;
  }

  long bytes() {
    return text.map(Text::bytes).orElse(0L);
  }

  @Override
  public void close() {
    release.run();
  }
}
