package dev.dltjava.rest;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.http.HttpRequest;
import dev.dltjava.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/// A page of a chain from its request on. Guarded by its fetcher's lock but for what says
/// otherwise.
final class PageSlot {
  final ActiveChain chain;

  /// Counted from 0.
  final long index;

  final HttpRequest request;
  @Nullable HttpResponse response;
  @Nullable PageFacts facts;
  @Nullable DltJavaException failure;
  PageInspection.@Nullable Detected detected;
  boolean ignored;

  /// What it is remembered by, null if it is not to be.
  @Nullable String key;

  /// What is known of it, if it is asked for only if it has changed.
  @Nullable RememberedPage known;

  /// Whether the server has said that it is as it was.
  boolean unchanged;

  /// Whether the body could not be read: its decoder says why.
  boolean unreadable;

  /// Whether everything is known that its chain asks.
  boolean inspected;

  /// Whether its chain has ended before it; read by any thread.
  volatile boolean discarded;

  PageSlot(ActiveChain chain, long index, HttpRequest request) {
    this.chain = chain;
    this.index = index;
    this.request = request;
  }

  /// Endpoint and page number for messages; nothing for plain requests.
  String subject() {
    String name = chain.plan.name();
    String page = chain.isSingle() ? "" : "page " + (index + 1);
    return name.isEmpty() ? page : "endpoint '" + name + "'" + (page.isEmpty() ? "" : ", " + page);
  }
}
