package dev.dltjava.pipeline;

import java.util.Optional;

/// Where a source's texts come from, in order. The decoder's thread asks and closes.
sealed interface Documents extends AutoCloseable
    permits FetchedDocuments, FileDocument, PushedDocuments {
  /// The next text, which the caller closes; empty after the last one. Blocks until it is there.
  Optional<Document> next() throws InterruptedException;

  /// Frees what was not asked for.
  @Override
  void close();
}
