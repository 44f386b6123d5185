package dev.dltjava.pipeline;

import java.util.List;
import java.util.Optional;

/// Where a source's texts come from, in order. The decoder's thread asks and closes.
sealed interface Documents extends AutoCloseable
    permits FetchedDocuments, FileDocument, PushedDocuments {
  /// The next text, which the caller closes; empty after the last one. Blocks until it is there.
  Optional<Document> next() throws InterruptedException;

  /// The next text, empty if it is not there yet, or behind the last one. What it throws concerns
  /// the next text, not those before it.
  Optional<Document> poll() throws InterruptedException;

  /// Whether it is known that no further text will come.
  boolean isExhausted();

  /// Puts parts of a text together again, with all that follows: its lines were no whole documents.
  ///
  /// @param parts the last ones that were taken, to be closed after the text that is returned
  Document rejoined(List<Document> parts);

  /// Frees what was not asked for.
  @Override
  void close();
}
