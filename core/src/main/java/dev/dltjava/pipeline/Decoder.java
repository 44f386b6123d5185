package dev.dltjava.pipeline;

import com.fasterxml.jackson.core.JsonFactory;
import dev.dltjava.arrow.BatchMemory;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.http.HttpClient;
import dev.dltjava.http.HttpResponse;
import dev.dltjava.json.RecordReader;
import dev.dltjava.limits.MemoryBudget;
import dev.dltjava.normalize.Normalizer;
import dev.dltjava.normalize.RecordContext;
import dev.dltjava.normalize.TableBatch;
import dev.dltjava.pipeline.SourcePlan.PlannedRequest;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Runs a plan on one thread: keeps a window of requests in flight, decodes their responses in
/// order, and hands batches on.
final class Decoder {
  /// Takes a batch, blocking while the caller is behind.
  @FunctionalInterface
  interface Outlet {
    void offer(Delivery.Batch batch) throws InterruptedException;
  }

  private static final int FIRST_ERROR_STATUS = 400;

  /// Before the first body has come.
  private static final long ASSUMED_BODY_BYTES = 1 << 20;

  private final SourcePlan plan;
  private final HttpClient client;
  private final MemoryBudget budget;
  private final SourceStatistics statistics;
  private final Outlet outlet;
  private final JsonFactory jsonFactory;
  private final Deque<CompletableFuture<HttpResponse>> window = new ArrayDeque<>();
  private int nextRequest;

  /// Bytes of the largest body so far: the next ones are taken to be no larger.
  private long expectedBody = ASSUMED_BODY_BYTES;

  /// So many requests have been delivered whole.
  private int delivered;

  Decoder(
      SourcePlan plan,
      HttpClient client,
      MemoryBudget budget,
      SourceStatistics statistics,
      Outlet outlet) {
    this.plan = plan;
    this.client = client;
    this.budget = budget;
    this.statistics = statistics;
    this.outlet = outlet;
    this.jsonFactory = RecordReader.factory(plan.normalizer().limits());
  }

  void run() throws InterruptedException {
    try (Normalizer normalizer = new Normalizer(plan.normalizer(), () -> new BatchMemory(budget))) {
      for (int i = 0; i < plan.requests().size(); i++) {
        fillWindow();
        PlannedRequest request = plan.requests().get(i);
        try (HttpResponse response = await(window.removeFirst())) {
          expectedBody =
              i == 0 ? response.bodyBytes() : Math.max(expectedBody, response.bodyBytes());
          decode(request, response, normalizer, i);
        }
        statistics.completeRequest();
      }
      deliver(normalizer, plan.requests().size());
    } finally {
      abandonWindow();
    }
  }

  private void fillWindow() {
    while (nextRequest < plan.requests().size() && mayFetchAhead()) {
      window.addLast(client.fetch(plan.requests().get(nextRequest++).request()));
    }
  }

  /// The bodies of the window may take half of the memory, the columns have the other half.
  private boolean mayFetchAhead() {
    long memory = plan.normalizer().limits().memoryBytes() / 2;
    boolean roomy = (window.size() + 1) * expectedBody <= memory;
    return window.isEmpty() || (window.size() < plan.concurrency() && roomy);
  }

  /// Responses that arrive after a failure are released as they come.
  private void abandonWindow() {
    for (CompletableFuture<HttpResponse> pending : window) {
      CompletableFuture<Void> _ = pending.thenAccept(HttpResponse::close);
      pending.cancel(true);
    }
    window.clear();
  }

  private HttpResponse await(CompletableFuture<HttpResponse> pending) throws InterruptedException {
    try {
      return pending.get();
    } catch (InterruptedException interrupted) {
      window.addFirst(pending);
      throw interrupted;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DltJavaException failure) {
        throw failure;
      }
      throw new IllegalStateException("a fetch failed without saying why", e.getCause());
    }
  }

  private void decode(
      PlannedRequest request, HttpResponse response, Normalizer normalizer, int index)
      throws InterruptedException {
    if (plan.ignoredStatuses().contains(response.status())) {
      return;
    }
    ErrorLocation location =
        ErrorLocation.ofUrl(request.request().maskedUrl()).withHttpStatus(response.status());
    if (response.status() >= FIRST_ERROR_STATUS) {
      throw new DltJavaException(
          ErrorCode.STATUS,
          location,
          "the server answered with status " + response.status() + ", expected a document");
    }
    RecordContext context = new RecordContext(request.constants(), response.receivedAt());
    try (RecordReader reader =
        new RecordReader(jsonFactory, response.bodyStream(), plan.records())) {
      try {
        addRecords(reader, normalizer, context, index);
      } catch (IOException e) {
        throw reader.fault(e);
      } catch (DltJavaException e) {
        throw e.location().row() >= 0 ? e : e.at(e.location().withRow(reader.row()));
      }
    } catch (DltJavaException e) {
      throw e.at(e.location().withUrl(location.url()).withHttpStatus(location.httpStatus()));
    } catch (IOException e) {
      throw new IllegalStateException("a body in memory could not be opened", e);
    }
  }

  private void addRecords(
      RecordReader reader, Normalizer normalizer, RecordContext context, int index)
      throws IOException, InterruptedException {
    while (reader.next()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (plan.template().isPresent()) {
        normalizer.add(reader.parser(), plan.template().get(), context);
      } else {
        normalizer.add(reader.parser());
      }
      if (normalizer.rows() >= plan.batchRows() || normalizer.bytes() >= plan.batchBytes()) {
        deliver(normalizer, index);
      }
    }
  }

  private void deliver(Normalizer normalizer, int completed) throws InterruptedException {
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
