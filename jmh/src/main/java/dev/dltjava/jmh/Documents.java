package dev.dltjava.jmh;

import dev.dltjava.json.RecordPath;
import java.util.List;

/// JSON documents of one source.
///
/// @param records where the records of each document are
/// @param bodies JSON text in UTF-8, a document an element
record Documents(RecordPath records, List<byte[]> bodies) {
  Documents {
    bodies = List.copyOf(bodies);
  }

  /// Bytes of all documents.
  long bytes() {
    long bytes = 0;
    for (byte[] body : bodies) {
      bytes += body.length;
    }
    return bytes;
  }
}
