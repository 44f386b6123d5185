package dev.dltjava.campaign;

import dev.dltjava.http.ScriptedServer;
import dev.dltjava.http.ScriptedServer.Peer;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/// Serves an API's pages, one of them badly for a while.
final class FaultyServer implements AutoCloseable {
  private final PagedApi api;
  private final Plan plan;
  private final String origin;
  private final Turn.Places places;
  private final AtomicInteger faultsLeft;
  private final ScriptedServer server;

  /// Those who connected in an earlier generation hear nothing any more.
  private final AtomicInteger generation = new AtomicInteger();

  /// What happens, and when.
  ///
  /// @param chain that of the page
  /// @param page the page whose requests meet the fault
  /// @param times how many of them do
  /// @param seed decides what else is open
  record Plan(NetworkFault fault, int chain, int page, int times, long seed) {
    Plan healed() {
      return new Plan(fault, chain, page, 0, seed);
    }
  }

  FaultyServer(
      PagedApi api, Plan plan, ServerSocket listener, String scheme, Turn.Places elsewhere) {
    this.api = api;
    this.plan = plan;
    this.origin = scheme + "://127.0.0.1:" + listener.getLocalPort();
    this.places =
        new Turn.Places(
            origin,
            elsewhere.other(),
            elsewhere.closed(),
            elsewhere.expired(),
            elsewhere.wrongHost(),
            elsewhere.stranger());
    this.faultsLeft = new AtomicInteger(plan.times());
    this.server = ScriptedServer.start(listener, this::serve);
  }

  String origin() {
    return origin;
  }

  /// All requests so far, with their headers.
  List<String> requests() {
    return server.requests();
  }

  /// From now on all pages are served well.
  void heal() {
    faultsLeft.set(0);
  }

  private void serve(Peer peer) throws IOException {
    int born = generation.get();
    String request;
    while (!(request = peer.readRequest()).isEmpty()) {
      if (born < generation.get()) {
        peer.awaitEnd();
        return;
      }
      String target = request.split(" ", 3)[1];
      int chain = Integer.parseInt(target.substring(1, target.indexOf('?')));
      int page = Integer.parseInt(target.replaceAll(".*[?&]page=([0-9]+).*", "$1"));
      boolean isVictim = chain == plan.chain() && page == plan.page();
      int left = isVictim ? faultsLeft.getAndDecrement() : 0;
      Turn turn =
          new Turn(
              peer,
              new Random(plan.seed() + left),
              api.headers(origin, chain, page),
              api.document(origin, chain, page),
              target,
              places);
      if (left > 0) {
        if (plan.fault() == NetworkFault.HALF_OPEN) {
          generation.incrementAndGet();
        }
        plan.fault().happen(turn);
        return;
      }
      turn.write(turn.framed());
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
