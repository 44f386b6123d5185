package dev.dltjava.pipeline;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.http.HttpClient;
import dev.dltjava.http.HttpResponse;
import dev.dltjava.normalize.RecordContext;
import dev.dltjava.pipeline.SourcePlan.PlannedRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// The bodies of a plan's responses: a window of requests is in flight, ahead of the decoder.
final class FetchedDocuments implements Documents {
  private static final int FIRST_ERROR_STATUS = 400;

  /// Before the first body has come.
  private static final long ASSUMED_BODY_BYTES = 1 << 20;

  private final SourcePlan plan;
  private final SourcePlan.Requests input;
  private final HttpClient client;
  private final Deque<CompletableFuture<HttpResponse>> window = new ArrayDeque<>();
  private int nextRequest;
  private int nextDocument;

  /// Bytes of the largest body so far: the next ones are taken to be no larger.
  private long expectedBody = ASSUMED_BODY_BYTES;

  FetchedDocuments(SourcePlan plan, SourcePlan.Requests input, HttpClient client) {
    this.plan = plan;
    this.input = input;
    this.client = client;
  }

  @Override
  public Optional<Document> next() throws InterruptedException {
    if (nextDocument == input.requests().size()) {
      return Optional.empty();
    }
    fillWindow();
    HttpResponse response = await(window.removeFirst());
    expectedBody =
        nextDocument == 0 ? response.bodyBytes() : Math.max(expectedBody, response.bodyBytes());
    PlannedRequest request = input.requests().get(nextDocument++);
    return Optional.of(document(request, response));
  }

  private void fillWindow() {
    while (nextRequest < input.requests().size() && mayFetchAhead()) {
      window.addLast(client.fetch(input.requests().get(nextRequest++).request()));
    }
  }

  /// The bodies of the window may take half of the memory, the columns have the other half.
  private boolean mayFetchAhead() {
    long memory = plan.normalizer().limits().memoryBytes() / 2;
    boolean roomy = (window.size() + 1) * expectedBody <= memory;
    return window.isEmpty() || (window.size() < plan.concurrency() && roomy);
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

  private Document document(PlannedRequest request, HttpResponse response) {
    ErrorLocation location =
        ErrorLocation.ofUrl(request.request().maskedUrl()).withHttpStatus(response.status());
    RecordContext context = new RecordContext(request.constants(), response.receivedAt());
    if (plan.ignoredStatuses().contains(response.status())) {
      return new Document(Optional.empty(), location, context, response::close);
    }
    if (response.status() >= FIRST_ERROR_STATUS) {
      response.close();
      throw new DltJavaException(
          ErrorCode.STATUS,
          location,
          "the server answered with status " + response.status() + ", expected a document");
    }
    return new Document(Optional.of(response.bodyStream()), location, context, response::close);
  }

  /// Responses that arrive after a failure are released as they come.
  @Override
  public void close() {
    for (CompletableFuture<HttpResponse> pending : window) {
      CompletableFuture<Void> _ = pending.thenAccept(HttpResponse::close);
      pending.cancel(true);
    }
    window.clear();
  }
}
