package dev.dltjava.pipeline;

import dev.dltjava.arrow.BatchMemory;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.RecordReader;
import dev.dltjava.limits.MemoryBudget;
import dev.dltjava.normalize.Caller;
import dev.dltjava.normalize.Normalizer;
import dev.dltjava.normalize.TableBatch;
import dev.dltjava.transform.RecordTransformer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Runs a plan on one thread: decodes its texts in order and hands batches on.
final class Decoder {
  /// Takes a batch, blocking while the caller is behind.
  @FunctionalInterface
  interface Outlet {
    void offer(Delivery.Batch batch) throws InterruptedException;
  }

  private final SourcePlan plan;
  private final Documents documents;
  private final MemoryBudget budget;
  private final SourceStatistics statistics;
  private final Caller caller;
  private final Outlet outlet;
  private final JsonCursor cursor;
  private final RecordTransformer transformer;

  /// So many requests have been decoded, and delivered, whole; of other texts, so many texts.
  private int completed;

  private int delivered;

  Decoder(
      SourcePlan plan,
      Documents documents,
      MemoryBudget budget,
      SourceStatistics statistics,
      Caller caller,
      Outlet outlet) {
    this.plan = plan;
    this.documents = documents;
    this.budget = budget;
    this.statistics = statistics;
    this.caller = caller;
    this.outlet = outlet;
    this.cursor = new JsonCursor(plan.normalizer().limits());
    this.transformer = new RecordTransformer(plan.transformations(), plan.normalizer().limits());
  }

  void run() throws InterruptedException {
    try (documents;
        Normalizer normalizer =
            new Normalizer(plan.normalizer(), () -> new BatchMemory(budget), caller)) {
      Optional<Document> next;
      while ((next = documents.next()).isPresent()) {
        try (Document document = next.get()) {
          if (document.body().isPresent()) {
            decode(document, document.body().get(), normalizer);
          }
        }
        Document.Origin origin = next.get().origin();
        statistics.completeDocument();
        if (origin.isLast()) {
          completed++;
          statistics.completeChain();
        }
      }
      deliver(normalizer);
    }
  }

  private void decode(Document document, InputStream body, Normalizer normalizer)
      throws InterruptedException {
    try (RecordReader reader =
        new RecordReader(
            cursor, body, document.records().orElse(plan.records()), plan.severalDocuments())) {
      try {
        long rows = addRecords(reader, normalizer, document);
        statistics.countEndpointRows(document.origin().endpoint(), rows);
      } catch (DltJavaException e) {
        throw e.location().row() >= 0 ? e : e.at(e.location().withRow(reader.row()));
      }
    } catch (DltJavaException e) {
      ErrorLocation place = document.location();
      throw e.at(e.location().withUrl(place.url()).withHttpStatus(place.httpStatus()))
          .about(document.origin().subject());
    } catch (IOException e) {
      throw new IllegalStateException("a body in memory could not be closed", e);
    }
  }

  /// Returns how many rows of the root table came of a document.
  private long addRecords(RecordReader reader, Normalizer normalizer, Document document)
      throws InterruptedException {
    long rows = 0;
    byte[] fields = document.fields().orElse("").getBytes(StandardCharsets.UTF_8);
    while (reader.next()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (!transformer.read(reader.cursor(), fields)) {
        continue;
      }
      rows++;
      if (plan.template().isPresent()) {
        normalizer.add(transformer.record(), plan.template().get(), document.context());
      } else {
        normalizer.add(transformer.record(), transformer.fields());
      }
      if (normalizer.rows() >= plan.batchRows() || normalizer.bytes() >= plan.batchBytes()) {
        deliver(normalizer);
      }
    }
    return rows;
  }

  private void deliver(Normalizer normalizer) throws InterruptedException {
    List<TableBatch> batches = normalizer.finish();
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
}
