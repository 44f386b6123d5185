package dev.dltjava.rest;

import dev.dltjava.http.HttpRequest;
import dev.dltjava.http.Tally;
import java.util.Map;

/// A request, and how those for its further pages look.
///
/// @param name of the endpoint, for messages; empty if it has none
/// @param following one template for each slot that the chain's paginator may use
/// @param fields text of an object that is a part of each record, empty if there is none
/// @param tally counts the chain's fetches; chains of one name share it
public record RequestChain(
    String name,
    HttpRequest first,
    Map<Slot, RequestTemplate> following,
    String fields,
    Tally tally) {
  public RequestChain {
    following = Map.copyOf(following);
  }
}
