package dev.dltjava.json;

import java.io.IOException;

/// A byte that cannot stand where it stands in UTF-8.
final class MalformedUtf8Exception extends IOException {
  private static final long serialVersionUID = 1;

  private final long byteOffset;

  MalformedUtf8Exception(long byteOffset) {
    super("not UTF-8 at byte " + byteOffset);
    this.byteOffset = byteOffset;
  }

  /// Offset in the document, in bytes.
  long byteOffset() {
    return byteOffset;
  }
}
