package dev.dltjava.pipeline;

import dev.dltjava.error.ErrorLocation;
import dev.dltjava.normalize.RecordContext;
import java.io.InputStream;
import java.util.Optional;

/// A text that is to be decoded.
///
/// @param body the text, empty if it counts as one without records; closed by the decoder
/// @param location where it comes from, for messages
/// @param context what its rows may take from where it comes from
/// @param release frees the text, after the body is closed
record Document(
    Optional<InputStream> body, ErrorLocation location, RecordContext context, Runnable release)
    implements AutoCloseable {
  @Override
  public void close() {
    release.run();
  }
}
