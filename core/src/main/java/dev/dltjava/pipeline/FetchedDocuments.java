package dev.dltjava.pipeline;

import dev.dltjava.error.ErrorLocation;
import dev.dltjava.http.HttpClient;
import dev.dltjava.http.HttpResponse;
import dev.dltjava.normalize.RecordContext;
import dev.dltjava.pipeline.SourcePlan.PlannedRequest;
import dev.dltjava.rest.ChainFetcher;
import dev.dltjava.rest.Page;
import dev.dltjava.rest.RememberedPage;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/// The pages of a plan's requests, fetched ahead of the decoder.
final class FetchedDocuments implements Documents {
  private final SourcePlan.Requests input;
  private final ChainFetcher fetcher;

  /// @param pages runs what reads whole bodies
  FetchedDocuments(SourcePlan.Requests input, HttpClient client, Executor pages) {
    this.input = input;
    this.fetcher =
        new ChainFetcher(
            input.requests().stream().map(PlannedRequest::chain).toList(),
            input.chains(),
            client,
            pages);
  }

  @Override
  public Optional<Document> next() throws InterruptedException {
    return fetcher.next().map(this::document);
  }

  @Override
  public Optional<Document> poll() throws InterruptedException {
    return fetcher.poll().map(this::document);
  }

  @Override
  public boolean isExhausted() {
    return fetcher.isExhausted();
  }

  @Override
  public Document rejoined(List<Document> parts) {
    throw new IllegalStateException("responses are not cut");
  }

  private Document document(Page page) {
    PlannedRequest request = input.requests().get(page.chain());
    HttpResponse response = page.response();
    return new Document(
        page.isIgnored() ? Optional.empty() : Optional.of(new ResponseText(response)),
        ErrorLocation.ofUrl(page.url()).withHttpStatus(response.status()),
        new RecordContext(request.constants(), response.receivedAt()),
        Optional.of(page.records()),
        request.fields(),
        new Document.Origin(request.chain().name(), page.subject(), page.isLast()),
        false,
        false,
        page::close);
  }

  private record ResponseText(HttpResponse response) implements Text {
    @Override
    public InputStream open() {
      return response.bodyStream();
    }

    @Override
    public long bytes() {
      return response.bodyBytes();
    }
  }

  /// The pages that were delivered so far, to be asked for conditionally the next time.
  Map<String, RememberedPage> delivered() {
    return fetcher.delivered();
  }

  @Override
  public void close() {
    fetcher.close();
  }
}
