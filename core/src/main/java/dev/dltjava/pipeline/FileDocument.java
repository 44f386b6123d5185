package dev.dltjava.pipeline;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The text of a file.
final class FileDocument implements Documents {
  private final Path file;
  private boolean taken;

  FileDocument(Path file) {
    this.file = file;
  }

  @Override
  public Optional<Document> next() {
    if (taken) {
      return Optional.empty();
    }
    taken = true;
    ErrorLocation location = ErrorLocation.ofUrl(file.toString());
    try {
      InputStream body = Files.newInputStream(file);
      return Optional.of(Document.of(body, location));
    } catch (IOException e) {
      throw new DltJavaException(ErrorCode.OPTIONS, location, "the file cannot be read: " + e, e);
    }
  }

  @Override
  public void close() {}
}
