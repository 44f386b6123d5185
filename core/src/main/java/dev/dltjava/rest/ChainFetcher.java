package dev.dltjava.rest;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.http.FetchScope;
import dev.dltjava.http.HttpClient;
import dev.dltjava.http.HttpResponse;
import dev.dltjava.json.RecordPath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Fetches chains of pages ahead of whoever takes them: several chains beside each other, and
/// several pages of a chain where its paginator allows it. Pages are inspected on arrival, so that
/// the next request goes out before the page is decoded.
///
/// One thread takes pages and closes; event loops and page threads bring them.
public final class ChainFetcher implements AutoCloseable {
  private final List<RequestChain> chains;
  private final ChainOptions options;
  private final HttpClient client;
  private final Executor pages;
  private final PageInspection inspection;

  /// Guarded by this object, as is all that follows.
  private final FetchWindow window;

  /// The chains that were begun, in their order; the first one is being delivered.
  private final Deque<ActiveChain> active = new ArrayDeque<>();

  private int nextChain;

  /// The first chain that has failed: delivery ends there, and nothing behind it is of use.
  private int lastChain = Integer.MAX_VALUE;

  private boolean closed;

  /// Null if all pages are asked for whole.
  private final @Nullable PageMemory memory;

  /// @param pages runs what reads whole bodies
  public ChainFetcher(
      List<RequestChain> chains, ChainOptions options, HttpClient client, Executor pages) {
    this.chains = List.copyOf(chains);
    this.options = options;
    this.client = client;
    this.pages = pages;
    this.inspection = new PageInspection(options);
    this.memory =
        options.conditions().map(conditions -> new PageMemory(conditions, options)).orElse(null);
    this.window =
        new FetchWindow(
            options.concurrency(),
            options.paginator() instanceof Paginator.SinglePage,
            options.limits().memoryBytes());
  }

  /// The next page, empty after the last one of the last chain. Blocks until it is there.
  ///
  /// @throws DltJavaException if it could not be fetched, or breaks its chain
  public Optional<Page> next() throws InterruptedException {
    return next(true);
  }

  /// The next page, empty if it is not there yet, or behind the last one.
  ///
  /// @throws DltJavaException if it could not be fetched, or breaks its chain
  public Optional<Page> poll() throws InterruptedException {
    return next(false);
  }

  private Optional<Page> next(boolean waits) throws InterruptedException {
    while (true) {
      send(planned());
      synchronized (this) {
        ActiveChain head = active.peek();
        if (head == null) {
          return Optional.empty();
        }
        PageSlot slot = head.settled.poll();
        if (slot != null) {
          return Optional.of(delivered(slot));
        }
        if (head.isDone()) {
          active.remove();
        } else if (!head.wantsRequest() || !head.isIdle()) {
          if (!waits) {
            return Optional.empty();
          }
          wait();
        }
      }
    }
  }

  /// Whether the last page of the last chain was taken.
  public synchronized boolean isExhausted() {
    boolean begun = nextChain >= Math.min(chains.size(), lastChain);
    return begun && (active.isEmpty() || (active.size() == 1 && isThrough(active.element())));
  }

  private static boolean isThrough(ActiveChain chain) {
    return chain.settled.isEmpty() && chain.isDone();
  }

  private Page delivered(PageSlot slot) {
    HttpResponse response = slot.response;
    String url = client.masked(slot.request.url());
    if (slot.failure != null || response == null) {
      free(slot);
      throw failure(slot, url);
    }
    window.left(response.bodyBytes());
    if (memory != null) {
      memory.note(slot, response, client);
    }
    ActiveChain chain = slot.chain;
    if (slot.unreadable) {
      // Its decoder will say what is wrong with it; should it find nothing, the chain still failed.
      PageSlot end = new PageSlot(chain, slot.index, slot.request);
      end.failure =
          new DltJavaException(
              ErrorCode.JSON, ErrorLocation.NONE, "the page could not be read for its next page");
      chain.settled.add(end);
    }
    return new Page(
        chain.index,
        slot.subject(),
        url,
        response,
        slot.ignored || slot.unchanged,
        chain.isDone(),
        chain.records());
  }

  /// The pages that were delivered and can be asked for conditionally, by keys that say nothing of
  /// them.
  public synchronized Map<String, RememberedPage> delivered() {
    return memory == null ? Map.of() : memory.delivered();
  }

  private static DltJavaException failure(PageSlot slot, String url) {
    DltJavaException failure = slot.failure;
    if (failure == null) {
      throw new IllegalStateException("a page without a response");
    }
    ErrorLocation location = failure.location();
    return failure
        .at(location.url().isEmpty() ? location.withUrl(url) : location)
        .about(slot.subject());
  }

  /// The pages to request now, those of earlier chains first.
  private synchronized List<PageSlot> planned() {
    List<PageSlot> planned = new ArrayList<>();
    if (closed) {
      return planned;
    }
    for (ActiveChain chain : active) {
      while (chain.index <= lastChain && chain.wantsRequest()) {
        boolean isAwaited = chain == active.peek() && chain.isIdle();
        if (!isAwaited && !window.hasRoom()) {
          return planned;
        }
        plan(chain, planned);
      }
    }
    while (nextChain < Math.min(chains.size(), lastChain)
        && (active.isEmpty() || window.hasRoom())) {
      ActiveChain chain = new ActiveChain(nextChain, chains.get(nextChain), options);
      nextChain++;
      active.add(chain);
      do {
        plan(chain, planned);
      } while (chain.wantsRequest() && window.hasRoom());
    }
    return planned;
  }

  private void plan(ActiveChain chain, List<PageSlot> planned) {
    PageSlot slot = chain.request();
    if (memory != null) {
      slot.key = memory.key(slot);
      slot.known = slot.key == null ? null : memory.known(slot.key);
    }
    if (slot.failure == null) {
      window.requested();
      planned.add(slot);
    } else {
      settle(chain);
    }
  }

  /// Outside the lock: responses may come at once.
  private void send(List<PageSlot> slots) {
    for (PageSlot slot : slots) {
      RememberedPage known = slot.known;
      FetchScope scope =
          new FetchScope(
              slot.chain.plan.first().url(),
              slot.chain.plan.tally(),
              response -> slot.discarded || ResponseAction.anyMatches(options.actions(), response),
              () -> !slot.discarded,
              known == null ? null : known.validator());
      client
          .fetch(slot.request, scope)
          .whenComplete(
              (response, error) -> {
                if (error != null) {
                  failed(slot, error);
                } else {
                  arrived(slot, response);
                }
              });
    }
  }

  private void failed(PageSlot slot, Throwable error) {
    synchronized (this) {
      window.failed();
      slot.failure = exception(error);
      slot.inspected = true;
      settle(slot.chain);
    }
    send(planned());
  }

  private static DltJavaException exception(Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    return cause instanceof DltJavaException known
        ? known
        : new DltJavaException(
            ErrorCode.INTERNAL, ErrorLocation.NONE, "a page was not fetched: " + cause, cause);
  }

  private void arrived(PageSlot slot, HttpResponse response) {
    PaginatorState state;
    RecordPath records;
    boolean detects;
    synchronized (this) {
      window.arrived(response.bodyBytes());
      slot.response = response;
      if (closed || slot.discarded) {
        slot.inspected = true;
        free(slot);
      } else if (inspection.isRefused(response)) {
        // At once: there is room for a request from now on.
        lastChain = Math.min(lastChain, slot.chain.index);
      }
      state = slot.chain.state();
      records = slot.chain.records();
      detects = slot.chain.isUndetected();
    }
    if (slot.inspected) {
      send(planned());
      return;
    }
    Runnable work = () -> inspected(slot, outcome(slot, response, state, records, detects));
    if (!inspection.readsBody(state, detects)) {
      work.run();
      return;
    }
    try {
      pages.execute(work);
    } catch (RejectedExecutionException ended) {
      inspected(
          slot,
          new PageInspection.Outcome.Failed(
              new DltJavaException(ErrorCode.CLOSED, ErrorLocation.NONE, "the source was closed")));
    }
  }

  /// A fault of this library must not leave the chain waiting.
  private PageInspection.Outcome outcome(
      PageSlot slot,
      HttpResponse response,
      PaginatorState state,
      RecordPath records,
      boolean detects) {
    try {
      return inspection.inspect(response, slot.chain.plan, state, records, detects, slot.known);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError bug) {
      return new PageInspection.Outcome.Failed(exception(bug));
    }
  }

  private void inspected(PageSlot slot, PageInspection.Outcome outcome) {
    boolean again = false;
    synchronized (this) {
      if (closed || slot.discarded) {
        slot.inspected = true;
        free(slot);
      } else if (outcome instanceof PageInspection.Outcome.Unclear) {
        again = true;
        free(slot);
        window.requested();
        slot.known = null;
        // Else it would be asked for twice the next time, too.
        slot.key = null;
      } else {
        slot.inspected = true;
        note(slot, outcome);
        settle(slot.chain);
      }
    }
    if (again) {
      send(List.of(slot));
    }
    send(planned());
  }

  private static void note(PageSlot slot, PageInspection.Outcome outcome) {
    switch (outcome) {
      case PageInspection.Outcome.Facts facts -> read(slot, facts.facts(), facts.detected());
      case PageInspection.Outcome.Unchanged facts -> {
        slot.unchanged = true;
        read(slot, facts.facts(), facts.detected());
      }
      case PageInspection.Outcome.Unclear _ ->
          throw new IllegalStateException("a page that is asked for again is not noted");
      case PageInspection.Outcome.Ignored _ -> slot.ignored = true;
      case PageInspection.Outcome.Unreadable _ -> slot.unreadable = true;
      case PageInspection.Outcome.Failed failed -> slot.failure = failed.failure();
    }
  }

  private static void read(
      PageSlot slot, PageFacts facts, PageInspection.@Nullable Detected detected) {
    slot.facts = facts;
    slot.detected = detected;
    if (detected != null) {
      slot.chain.detected(detected.paginator(), detected.records());
    }
  }

  private void settle(ActiveChain chain) {
    for (PageSlot behind : chain.settle()) {
      discard(behind);
    }
    if (chain.hasFailed()) {
      lastChain = Math.min(lastChain, chain.index);
    }
    notifyAll();
  }

  /// Those under way, or being inspected, are freed when they are through.
  private void discard(PageSlot slot) {
    slot.discarded = true;
    if (slot.inspected) {
      free(slot);
    }
  }

  private void free(PageSlot slot) {
    @Nullable HttpResponse response = slot.response;
    if (response != null) {
      slot.response = null;
      window.left(response.bodyBytes());
      response.close();
    }
  }

  /// Frees what was not taken; what is under way is freed when it comes.
  @Override
  public synchronized void close() {
    closed = true;
    for (ActiveChain chain : active) {
      chain.drop().forEach(this::discard);
    }
    active.clear();
  }
}
