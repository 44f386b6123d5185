package dev.dltjava.pipeline;

import dev.dltjava.error.ErrorLocation;
import dev.dltjava.json.RecordPath;
import dev.dltjava.normalize.RecordContext;
import java.io.InputStream;
import java.util.Optional;

/// A text that is to be decoded.
///
/// @param body the text, empty if it counts as one without records; closed by the decoder
/// @param location where it comes from, for messages
/// @param context what its rows may take from where it comes from
/// @param records where its records are, empty for where the plan says
/// @param fields text of an object whose members are appended to each record
/// @param origin what it is a part of
/// @param release frees the text, after the body is closed
record Document(
    Optional<InputStream> body,
    ErrorLocation location,
    RecordContext context,
    Optional<RecordPath> records,
    Optional<String> fields,
    Origin origin,
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
  static Document of(InputStream body, ErrorLocation location) {
    return new Document(
        Optional.of(body),
        location,
        RecordContext.NONE,
        Optional.empty(),
        Optional.empty(),
        Origin.WHOLE,
        () -> {});
  }

  @Override
  public void close() {
    release.run();
  }
}
