package dev.dltjava.pipeline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.dltjava.arrow.BatchMemory;
import dev.dltjava.arrow.Slabs;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.http.Credentials;
import dev.dltjava.http.EventLoops;
import dev.dltjava.http.HttpClient;
import dev.dltjava.http.HttpStatistics;
import dev.dltjava.http.RequestLog;
import dev.dltjava.http.Tally;
import dev.dltjava.identity.Permutation;
import dev.dltjava.limits.MemoryBudget;
import dev.dltjava.normalize.Normalizer;
import dev.dltjava.rest.RememberedPage;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// A source that is being read: requests run ahead on the event loops, one thread of its own
/// decodes the responses in order, the caller takes finished batches. One thread takes; any thread
/// may cancel, close or ask for statistics.
public final class RecordSource implements AutoCloseable {
  /// Finished batches that wait for the caller; more would only hold memory.
  private static final int QUEUED_BATCHES = 4;

  /// The decoder recurses as deep as a document is nested: three frames a level.
  private static final long DECODER_STACK_BYTES = 16L << 20;

  private static final long CLOSE_SECONDS = 10;

  private final SourcePlan plan;
  private final HttpClient client;
  private final RequestLog requestLog;
  private final MemoryBudget budget;
  private final SourceStatistics statistics = new SourceStatistics();
  private final BlockingQueue<Delivery> deliveries = new ArrayBlockingQueue<>(QUEUED_BATCHES);
  private final Documents documents;
  private final Questions questions;
  private final EventLoops loops;
  private final Permutation permutation;
  private final Slabs slabs;
  private final Thread decoder;
  private volatile boolean cancelled;

  /// The pages of a source that has ended well.
  private volatile Optional<Map<String, RememberedPage>> delivered = Optional.empty();

  /// Made while there is memory for it.
  private final Delivery exhausted =
      new Delivery.Failed(
          new DltJavaException(
              ErrorCode.MEMORY, ErrorLocation.NONE, "the library's heap is exhausted"));

  /// The last delivery, once it is known: asked again, the source says the same.
  private volatile Delivery last = new Delivery.Pending();

  private RecordSource(SourcePlan plan, EventLoops loops, Permutation permutation, Slabs slabs) {
    this.plan = plan;
    this.loops = loops;
    this.permutation = permutation;
    this.slabs = slabs;
    this.budget = new MemoryBudget(plan.normalizer().limits().memoryBytes());
    this.requestLog = new RequestLog(plan.requestLog());
    this.client = HttpClient.open(loops, plan.http(), budget, requestLog);
    if (plan.input() instanceof SourcePlan.Requests requests) {
      client.authorize(requests.credentials());
    }
    this.documents =
        switch (plan.input()) {
          case SourcePlan.Requests requests ->
              new FetchedDocuments(requests, client, loops.pages());
          case SourcePlan.TextFile text -> new FileDocument(text.file(), partBytes());
          case SourcePlan.Pushed pushed ->
              new PushedDocuments(pushed, partBytes(), plan.normalizer().limits(), budget);
        };
    this.questions = new Questions(deliveries);
    this.decoder = new Thread(null, this::run, "dlt-java-decoder", DECODER_STACK_BYTES);
    decoder.setDaemon(true);
  }

  /// Opens a source and starts fetching.
  public static RecordSource open(SourcePlan plan, EventLoops loops) {
    return open(plan, loops, Permutation.oneByOne(), Slabs.NONE);
  }

  /// Opens a source and starts fetching.
  ///
  /// @param permutation makes ids of child rows
  /// @param slabs makes the memory of large batches
  public static RecordSource open(
      SourcePlan plan, EventLoops loops, Permutation permutation, Slabs slabs) {
    RecordSource source = new RecordSource(plan, loops, permutation, slabs);
    try {
      source.decoder.start();
    } catch (OutOfMemoryError noThread) {
      source.documents.close();
      source.client.close();
      throw noThread;
    }
    return source;
  }

  /// So many threads decode at a time.
  private int threads() {
    return plan.asksNothing() ? plan.decoderThreads().orElse(loops.decoderThreads()) : 1;
  }

  /// About how long the parts are that long texts are cut into, if there is more than one thread.
  private OptionalInt partBytes() {
    return threads() > 1 ? OptionalInt.of(plan.segmentBytes()) : OptionalInt.empty();
  }

  private void run() {
    // What is said if there is no memory to say anything else.
    Delivery end = exhausted;
    try {
      end = decodeToEnd();
    } catch (Throwable again) {
      // Not even memory for the failure was left.
      end = exhausted;
    } finally {
      try {
        client.close();
        awaitRelease();
      } finally {
        offerLast(end);
      }
    }
  }

  private Delivery decodeToEnd() {
    try {
      decode();
      if (documents instanceof FetchedDocuments pages) {
        delivered = Optional.of(pages.delivered());
      }
      return new Delivery.End();
    } catch (DltJavaException failure) {
      return new Delivery.Failed(failure);
    } catch (InterruptedException interrupted) {
      return new Delivery.Failed(closed());
    } catch (OutOfMemoryError memory) {
      return new Delivery.Failed(heapExhausted(memory));
    } catch (Throwable bug) {
      return new Delivery.Failed(internal(bug));
    }
  }

  private void decode() throws InterruptedException {
    try (documents;
        Decoder inOrder = new Decoder(plan, documentDecoder(), statistics, this::offer)) {
      if (threads() == 1) {
        inOrder.run(documents);
        return;
      }
      try (ParallelDecoder parallel =
          new ParallelDecoder(
              plan, documents, inOrder, this::documentDecoder, loops.decoders(), threads())) {
        parallel.run();
      }
    }
  }

  private DocumentDecoder documentDecoder() {
    Normalizer normalizer =
        new Normalizer(
            plan.normalizer(),
            expected -> new BatchMemory(budget, slabs, expected),
            questions,
            permutation);
    return new DocumentDecoder(plan, normalizer, questions);
  }

  /// Bodies that were arriving, or read for their next page, are freed by other threads.
  private void awaitRelease() {
    try {
      client.awaitRelease(Duration.ofSeconds(CLOSE_SECONDS / 2));
    } catch (InterruptedException interrupted) {
      // Closing does not depend on it: they are freed all the same.
      Thread.currentThread().interrupt();
    }
  }

  private static DltJavaException heapExhausted(OutOfMemoryError cause) {
    return new DltJavaException(
        ErrorCode.MEMORY,
        ErrorLocation.NONE,
        "the library's heap or the system has no more memory or threads, or a single JSON string is"
            + " too long: "
            + cause.getMessage(),
        cause);
  }

  private static DltJavaException internal(Throwable bug) {
    StackTraceElement[] trace = bug.getStackTrace();
    String place = trace.length == 0 ? "an unknown place" : trace[0].toString();
    return new DltJavaException(
        ErrorCode.INTERNAL,
        ErrorLocation.NONE,
        "a fault of this library, please report it: " + bug + " at " + place,
        bug);
  }

  private static DltJavaException closed() {
    return new DltJavaException(ErrorCode.CLOSED, ErrorLocation.NONE, "the source was cancelled");
  }

  private void offer(Delivery.Batch batch) throws InterruptedException {
    if (cancelled) {
      batch.batch().close();
      throw new InterruptedException();
    }
    try {
      deliveries.put(batch);
    } catch (InterruptedException interrupted) {
      batch.batch().close();
      throw interrupted;
    }
  }

  /// The decoder's last act must not fail: an interrupt only means that nobody waits any more, and
  /// memory that is lacking comes back when others let go of theirs.
  private void offerLast(Delivery end) {
    while (true) {
      try {
        deliveries.put(end);
        return;
      } catch (InterruptedException interrupted) {
        discardQueued();
      } catch (OutOfMemoryError exhausted) {
        Thread.yield();
      }
    }
  }

  /// Takes the next delivery; waits for at most that long.
  public Delivery take(long timeoutMilliseconds) throws InterruptedException {
    if (cancelled) {
      return new Delivery.Failed(closed());
    }
    if (!(last instanceof Delivery.Pending)) {
      return last;
    }
    Delivery delivery = deliveries.poll(timeoutMilliseconds, TimeUnit.MILLISECONDS);
    return switch (delivery) {
      case null -> new Delivery.Pending();
      case Delivery.Batch batch -> batch;
      case Delivery.Pending pending -> pending;
      case Delivery.Question question -> question;
      case Delivery.End end -> last = end;
      case Delivery.Failed failed -> last = failed;
    };
  }

  /// Gives texts to a source of pushed texts; false if there was no room for them within that time.
  /// They are copied, unless they are lent. Any thread.
  public boolean push(List<MemorySegment> texts, long timeoutMilliseconds)
      throws InterruptedException {
    if (cancelled) {
      throw closed();
    }
    return pushed().push(texts, timeoutMilliseconds);
  }

  /// Says that no further text will be pushed. Any thread.
  public void finish() {
    pushed().finish();
  }

  /// The text of the question that the last delivery was. Any thread.
  public String question() {
    return questions.open();
  }

  /// Answers the question that the last delivery was. Any thread.
  public void answer(String answer) throws InterruptedException {
    questions.answer(answer);
  }

  private PushedDocuments pushed() {
    if (documents instanceof PushedDocuments pushed) {
      return pushed;
    }
    throw new DltJavaException(
        ErrorCode.STREAM,
        ErrorLocation.NONE,
        "texts can be pushed only to a source whose options have \"pushed\" or \"pieces\": true");
  }

  /// What the source has done so far, as a JSON object. Any thread.
  public String statistics() {
    return statistics(requestLog.read());
  }

  /// As [#statistics()]. Forgets the requests of the log that it tells of, if their reader has
  /// room.
  ///
  /// @param capacity bytes of UTF-8 text that the caller has room for
  public String drainStatistics(long capacity) {
    RequestLog.Excerpt log = requestLog.read();
    String text = statistics(log);
    if (text.getBytes(StandardCharsets.UTF_8).length <= capacity) {
      requestLog.forget(log);
    }
    return text;
  }

  private String statistics(RequestLog.Excerpt log) {
    HttpStatistics http = client.statistics();
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("requests", http.requests());
      json.writeNumberField("documents_completed", statistics.documentsCompleted());
      json.writeNumberField("chains_completed", statistics.chainsCompleted());
      json.writeNumberField("retries", http.retries());
      json.writeNumberField("redirects", http.redirects());
      json.writeNumberField("connections", http.connections());
      json.writeNumberField("body_bytes", http.bodyBytes());
      json.writeNumberField("waited_milliseconds", http.waited().toMillis());
      json.writeNumberField("live_bytes", budget.liveBytes());
      json.writeObjectFieldStart("rows");
      for (Map.Entry<String, Long> table : statistics.rows().entrySet()) {
        json.writeNumberField(table.getKey(), table.getValue());
      }
      json.writeEndObject();
      writeEndpoints(json);
      if (plan.requestLog() > 0) {
        writeRequests(json, log);
      }
      writeDelivered(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private void writeEndpoints(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("endpoints");
    if (plan.input() instanceof SourcePlan.Requests requests) {
      for (Map.Entry<String, Tally> endpoint : requests.endpoints().entrySet()) {
        Tally tally = endpoint.getValue();
        json.writeObjectFieldStart(endpoint.getKey());
        json.writeNumberField("requests", tally.requests());
        json.writeNumberField("retries", tally.retries());
        json.writeNumberField("waited_milliseconds", tally.waited().toMillis());
        json.writeNumberField("body_bytes", tally.bodyBytes());
        json.writeNumberField("not_modified", tally.notModified());
        json.writeNumberField("rows", statistics.endpointRows(endpoint.getKey()));
        json.writeEndObject();
      }
    }
    json.writeEndObject();
  }

  private static void writeRequests(JsonGenerator json, RequestLog.Excerpt log) throws IOException {
    json.writeArrayFieldStart("request_log");
    for (RequestLog.Entry entry : log.entries()) {
      json.writeStartObject();
      json.writeStringField("method", entry.method());
      json.writeStringField("url", entry.url());
      json.writeNumberField("status", entry.status());
      if (entry.failure() != null) {
        json.writeStringField("failure", entry.failure());
      }
      json.writeNumberField("milliseconds", entry.duration().toMillis());
      json.writeNumberField("body_bytes", entry.bodyBytes());
      json.writeNumberField("attempt", entry.attempt());
      json.writeNumberField("waited_milliseconds", entry.waited().toMillis());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("requests_not_logged", log.dropped());
  }

  /// Of a source that has failed, or goes on, some pages were not delivered: it has none yet.
  private void writeDelivered(JsonGenerator json) throws IOException {
    boolean isConditional =
        plan.input() instanceof SourcePlan.Requests requests
            && requests.chains().conditions().isPresent();
    if (isConditional && delivered.isPresent()) {
      json.writeFieldName("delivered_pages");
      ConditionsText.write(json, delivered.get());
    }
  }

  /// What identifies the caller from now on, instead of what its options say: a JSON object with
  /// the keys `auth_headers` and `auth_query`. Requests that are sent later have it. Any thread.
  public void authorize(String json) {
    Options options = Options.parse(json);
    Credentials credentials = RequestsReader.credentials(options);
    options.refuseUnknown();
    client.authorize(credentials);
  }

  /// Bytes of bodies and columns that this source holds.
  public long liveBytes() {
    return budget.liveBytes();
  }

  /// Stops fetching and decoding; a caller that waits is woken by [Delivery.Failed].
  public void cancel() {
    cancelled = true;
    decoder.interrupt();
    discardQueued();
  }

  private void discardQueued() {
    Delivery queued;
    while ((queued = deliveries.poll()) != null) {
      if (queued instanceof Delivery.Batch batch) {
        batch.batch().close();
      }
    }
  }

  /// Cancels and waits until nothing is held any more. Batches that were taken stay valid.
  @Override
  public void close() {
    cancel();
    try {
      // Whoever has lent texts frees them next, so there is no end to waiting then.
      boolean isLent = plan.input() instanceof SourcePlan.Pushed pushed && pushed.lent();
      decoder.join(isLent ? 0 : TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    // The decoder may have been interrupted while it waited for it.
    awaitRelease();
    discardQueued();
  }
}
