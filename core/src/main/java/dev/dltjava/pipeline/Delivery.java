package dev.dltjava.pipeline;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.normalize.TableBatch;

/// What a source has to say when it is asked for a batch.
public sealed interface Delivery {
  /// A batch, which the receiver exports or closes.
  ///
  /// @param requestsCompleted so many requests of the plan have all their rows in this or in
  ///   earlier batches
  record Batch(TableBatch batch, int requestsCompleted) implements Delivery {}

  /// Nothing within the time given.
  record Pending() implements Delivery {}

  /// The decoder waits for [RecordSource#answer(String)].
  ///
  /// @param text JSON: an object with what is asked, as `docs/reference/options.md` explains
  record Question(String text) implements Delivery {}

  /// There is no further batch.
  record End() implements Delivery {}

  /// The source has failed; it has no further batch.
  record Failed(DltJavaException failure) implements Delivery {}
}
