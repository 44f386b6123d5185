package dev.dltjava.pipeline;

import dev.dltjava.json.TextPosition;
import dev.dltjava.normalize.Normalizer;
import dev.dltjava.normalize.Outline;
import dev.dltjava.normalize.TableBatch;
import java.util.List;
import java.util.Optional;

/// Decodes texts in their order on one thread, and hands batches on. What other threads decoded
/// takes its place in the order here.
final class Decoder implements AutoCloseable {
  /// Takes a batch, blocking while the caller is behind.
  @FunctionalInterface
  interface Outlet {
    void offer(Delivery.Batch batch) throws InterruptedException;
  }

  private final SourcePlan plan;
  private final DocumentDecoder documents;
  private final SourceStatistics statistics;
  private final Outlet outlet;

  /// What is known of the tables so far.
  private Outline outline = Outline.EMPTY;

  /// Where the text ended that is decoded part by part.
  private TextPosition position = TextPosition.START;

  /// So many requests have been decoded, and delivered, whole; of other texts, so many texts.
  private int completed;

  private int delivered;

  Decoder(SourcePlan plan, DocumentDecoder documents, SourceStatistics statistics, Outlet outlet) {
    this.plan = plan;
    this.documents = documents;
    this.statistics = statistics;
    this.outlet = outlet;
  }

  /// Decodes all texts.
  void run(Documents texts) throws InterruptedException {
    Optional<Document> next;
    while ((next = texts.next()).isPresent()) {
      try (Document document = next.get()) {
        decode(document);
      }
    }
    flush();
  }

  /// Decodes the text whose turn it is.
  void decode(Document document) throws InterruptedException {
    documents.adopt(outline);
    Optional<TextPosition> before = document.continues() ? Optional.of(position) : Optional.empty();
    DocumentDecoder.Decoded decoded = documents.decode(document, before, this::added);
    count(document, decoded.rows());
    position = decoded.end();
  }

  private void added(Normalizer normalizer) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (plan.isFull(normalizer)) {
      deliver(documents.finish());
    }
  }

  private void count(Document document, long rows) {
    statistics.countEndpointRows(document.origin().endpoint(), rows);
    if (document.isCut()) {
      return;
    }
    statistics.completeDocument();
    if (document.origin().isLast()) {
      completed++;
      statistics.completeChain();
    }
  }

  /// What is known of the tables behind the last text.
  Outline outline() throws InterruptedException {
    flush();
    return outline;
  }

  /// Takes what another thread decoded, whose turn it is.
  void accept(Segment segment) throws InterruptedException {
    flush();
    for (int i = 0; i < segment.documents().size(); i++) {
      Document document = segment.documents().get(i);
      DocumentDecoder.Decoded decoded = segment.decoded().get(i);
      count(document, decoded.rows());
      position = document.continues() ? position.plus(decoded.end()) : decoded.end();
    }
    outline = segment.after();
    deliver(segment.takeBatches());
  }

  /// Delivers the rows that wait for the next batch.
  void flush() throws InterruptedException {
    documents.adopt(outline);
    deliver(documents.finish());
    outline = documents.outline();
  }

  private void deliver(List<TableBatch> batches) throws InterruptedException {
    int offered = 0;
    try {
      for (TableBatch batch : batches) {
        offered++;
        if (offered == batches.size()) {
          // Only with the last table's batch are all rows of the requests out.
          delivered = completed;
        }
        statistics.countRows(batch.table(), batch.rows());
        outlet.offer(new Delivery.Batch(batch, delivered));
      }
    } finally {
      for (TableBatch rest : batches.subList(offered, batches.size())) {
        rest.close();
      }
    }
  }

  @Override
  public void close() {
    documents.close();
  }
}
