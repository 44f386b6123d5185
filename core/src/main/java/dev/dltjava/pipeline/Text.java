package dev.dltjava.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Collections;
import java.util.List;

/// The bytes of a document.
interface Text {
  /// The text from its start, at each call anew unless it says otherwise. Any thread.
  InputStream open() throws IOException;

  /// Its length, 0 if that is not known.
  long bytes();

  /// Texts one behind the other.
  static InputStream joined(List<InputStream> streams) {
    return new SequenceInputStream(Collections.enumeration(streams));
  }
}
