package dev.dltjava.rest;

import dev.dltjava.json.RecordPath;
import dev.dltjava.limits.Limits;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How the chains of one source are fetched.
///
/// @param records where the records of a page are
/// @param detectsRecords whether the first page of each chain tells instead
/// @param pagesAhead most pages of a chain that are fetched before it is known whether they exist;
///   0 to fetch one page after the other
/// @param actions which responses end their chain silently, even before they are tried again
/// @param ignoredStatuses statuses that end their chain silently, after all tries
/// @param conditions which pages are asked for only if they have changed, empty if none are
/// @param concurrency most requests in flight
/// @param limits the bounds on what comes from outside; bodies that wait may take half of the
///   memory
public record ChainOptions(
    Paginator paginator,
    RecordPath records,
    boolean detectsRecords,
    int pagesAhead,
    List<ResponseAction> actions,
    Set<Integer> ignoredStatuses,
    Optional<Conditions> conditions,
    int concurrency,
    Limits limits) {
  public ChainOptions {
    actions = List.copyOf(actions);
    ignoredStatuses = Set.copyOf(ignoredStatuses);
  }

  /// Whether a body has to be read to know whether its response ends the chain.
  boolean readsActions() {
    return actions.stream().anyMatch(action -> action.content().isPresent());
  }
}
