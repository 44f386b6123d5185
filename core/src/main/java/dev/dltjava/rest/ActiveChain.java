package dev.dltjava.rest;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.http.HttpRequest;
import dev.dltjava.json.RecordPath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A chain that was begun and is not delivered whole. Guarded by its fetcher's lock.
final class ActiveChain {
  final int index;
  final RequestChain plan;
  private final ChainOptions options;

  /// Pages in order, of which it is known that they are the chain's; to be delivered.
  final Deque<PageSlot> settled = new ArrayDeque<>();

  /// The pages behind those, requested, in order.
  private final Deque<PageSlot> open = new ArrayDeque<>();

  private PaginatorState state;
  private RecordPath records;

  /// Whether the first page has yet to tell paginator or records.
  private boolean undetected;

  private long requested;
  private long taken;
  private boolean ended;

  /// Pages that may be requested without a sign that they exist: twice as many after each that
  /// does.
  private int ahead;

  ActiveChain(int index, RequestChain plan, ChainOptions options) {
    this.index = index;
    this.plan = plan;
    this.options = options;
    this.state = PaginatorState.of(options.paginator(), plan);
    this.records = options.records();
    this.undetected = options.detectsRecords() || options.paginator() instanceof Paginator.Detected;
    this.ahead = Math.min(1, options.pagesAhead());
  }

  PaginatorState state() {
    return state;
  }

  RecordPath records() {
    return records;
  }

  boolean isSingle() {
    return options.paginator() instanceof Paginator.SinglePage;
  }

  boolean isUndetected() {
    return undetected;
  }

  /// Whether all its pages are known and delivered.
  boolean isDone() {
    return ended && settled.isEmpty();
  }

  /// Whether nothing of it is under way or waits.
  boolean isIdle() {
    return open.isEmpty() && settled.isEmpty();
  }

  /// Whether it ends with a failure that was not delivered yet.
  boolean hasFailed() {
    PageSlot last = settled.peekLast();
    return last != null && last.failure != null;
  }

  /// Whether a further page may be requested.
  boolean wantsRequest() {
    return !ended && (requested == 0 || !undetected && requested < state.requestable(taken, ahead));
  }

  /// The next page to request. Its request may be one that cannot be sent: then it has failed.
  PageSlot request() {
    long page = requested++;
    HttpRequest request = plan.first();
    DltJavaException failure = null;
    if (page > 0) {
      try {
        request = state.request(page);
      } catch (DltJavaException refused) {
        failure = refused;
      }
    }
    PageSlot slot = new PageSlot(this, page, request);
    if (failure != null) {
      slot.failure = failure;
      slot.inspected = true;
    }
    open.add(slot);
    return slot;
  }

  /// What the first page has told.
  void detected(Paginator paginator, RecordPath found) {
    if (options.paginator() instanceof Paginator.Detected) {
      state = PaginatorState.of(paginator, plan);
    }
    records = found;
    undetected = false;
  }

  /// Takes the pages whose turn it is.
  ///
  /// @return the pages that turn out to lie behind the end
  List<PageSlot> settle() {
    PageSlot slot;
    while (!ended && (slot = open.peek()) != null && slot.inspected) {
      open.remove();
      settled.add(slot);
      boolean next = false;
      if (slot.failure == null && !slot.ignored && !slot.unreadable) {
        try {
          next = advance(slot.facts);
        } catch (DltJavaException refused) {
          slot.failure = refused;
        }
      }
      ended = !next;
    }
    if (!ended || open.isEmpty()) {
      return List.of();
    }
    List<PageSlot> behind = new ArrayList<>(open);
    open.clear();
    return behind;
  }

  private boolean advance(@Nullable PageFacts facts) {
    if (facts == null) {
      throw new IllegalStateException("a page was not inspected");
    }
    boolean next = state.advance(facts);
    taken++;
    if (next) {
      ahead = Math.min(2 * ahead, options.pagesAhead());
    }
    return next;
  }

  /// All its pages that nobody has got.
  List<PageSlot> drop() {
    List<PageSlot> all = new ArrayList<>(settled);
    all.addAll(open);
    settled.clear();
    open.clear();
    ended = true;
    return all;
  }
}
