package dev.dltjava.rest;

import dev.dltjava.http.HttpRequest;
import dev.dltjava.json.JsonPath;
import dev.dltjava.json.JsonValue;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A chain whose pages each name the next one.
final class ReferenceState extends PaginatorState {
  private final Reference reference;
  private final RequestChain chain;
  private HttpRequest current;

  /// Hashes of the requests so far: a server that repeats one would be asked for ever. 64 bits, so
  /// that among a million pages two are equal by chance once in some ten million chains.
  private final Set<Long> requested = new HashSet<>();

  ReferenceState(Reference reference, RequestChain chain) {
    this.reference = reference;
    this.chain = chain;
    this.current = chain.first();
    requested.add(hash(current));
  }

  @Override
  List<JsonPath> paths() {
    return reference.paths();
  }

  @Override
  boolean asksForRecords() {
    return reference.asksForRecords();
  }

  @Override
  boolean endsByHeader(PageFacts page) {
    return reference.isHeader() && reference.next(page).isEmpty();
  }

  @Override
  boolean advance(PageFacts page) {
    Optional<JsonValue> next = reference.next(page);
    if (next.isEmpty()) {
      return false;
    }
    current = reference.request(chain, current, next.get());
    if (!requested.add(hash(current))) {
      throw refusal(
          "the page names a next page that this chain has fetched already, the chain would never"
              + " end; check the paginator's options, and that the API takes its parameter");
    }
    return true;
  }

  @Override
  HttpRequest request(long page) {
    return current;
  }

  /// FNV-1a, with the finalizer of MurmurHash3.
  private static long hash(HttpRequest request) {
    long hash = 0xCBF2_9CE4_8422_2325L;
    String text = request.url() + "\n" + (request.body() == null ? "" : request.body());
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100_0000_01B3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xFF51_AFD7_ED55_8CCDL;
    hash = (hash ^ (hash >>> 33)) * 0xC4CE_B9FE_1A85_EC53L;
    return hash ^ (hash >>> 33);
  }
}
