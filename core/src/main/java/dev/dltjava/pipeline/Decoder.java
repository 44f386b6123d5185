package dev.dltjava.pipeline;

import dev.dltjava.arrow.BatchMemory;
import dev.dltjava.contract.ContractedRecords;
import dev.dltjava.contract.ContractedRecords.Place;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.RecordReader;
import dev.dltjava.limits.MemoryBudget;
import dev.dltjava.normalize.Normalizer;
import dev.dltjava.normalize.TableBatch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
  private final Questions questions;
  private final Outlet outlet;
  private final JsonCursor cursor;

  /// Checks records on their way to the normalizer, `null` without a contract.
  private @Nullable ContractedRecords contracted;

  /// So many requests have been decoded, and delivered, whole; of other texts, so many texts.
  private int completed;

  private int delivered;

  Decoder(
      SourcePlan plan,
      Documents documents,
      MemoryBudget budget,
      SourceStatistics statistics,
      Questions questions,
      Outlet outlet) {
    this.plan = plan;
    this.documents = documents;
    this.budget = budget;
    this.statistics = statistics;
    this.questions = questions;
    this.outlet = outlet;
    this.cursor = new JsonCursor(plan.normalizer().limits());
  }

  void run() throws InterruptedException {
    try (documents;
        Normalizer normalizer =
            new Normalizer(plan.normalizer(), () -> new BatchMemory(budget), questions)) {
      contracted =
          plan.contract()
              .map(
                  contract ->
                      new ContractedRecords(
                          contract, plan.normalizer().limits(), questions, normalizer::add))
              .orElse(null);
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
        addRecords(reader, normalizer, document);
        statistics.countEndpointRows(document.origin().endpoint(), reader.row() + 1);
      } catch (DltJavaException e) {
        throw e.location().row() >= 0 ? e : e.at(e.location().withRow(reader.row()));
      }
    } catch (DltJavaException e) {
      if (!e.location().url().isEmpty()) {
        // A record that waited may be one of an earlier document.
        throw e;
      }
      ErrorLocation place = document.location();
      throw e.at(e.location().withUrl(place.url()).withHttpStatus(place.httpStatus()))
          .about(document.origin().subject());
    } catch (IOException e) {
      throw new IllegalStateException("a body in memory could not be closed", e);
    }
  }

  private void addRecords(RecordReader reader, Normalizer normalizer, Document document)
      throws InterruptedException {
    byte[] fields = document.fields().orElse("").getBytes(StandardCharsets.UTF_8);
    while (reader.next()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (contracted != null) {
        String subject = document.origin().subject();
        Place place = new Place(subject, document.location(), reader.row());
        contracted.add(reader.cursor(), fields, place);
      } else if (plan.template().isPresent()) {
        normalizer.add(reader.cursor(), plan.template().get(), document.context());
      } else {
        normalizer.add(reader.cursor(), fields);
      }
      if (normalizer.rows() >= plan.batchRows() || normalizer.bytes() >= plan.batchBytes()) {
        deliver(normalizer);
      }
    }
  }

  private void deliver(Normalizer normalizer) throws InterruptedException {
    if (contracted != null) {
      contracted.flush();
    }
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
