package dev.dltjava.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The connections of one client, at most so many to one endpoint; what exceeds them waits in line.
/// Any thread. Futures are completed outside the lock, since their dependents call back.
final class ConnectionPool {
  private final Connector connector;
  private final int maximumPerHost;

  /// Guarded by this object, as is `closed`.
  private final Map<Endpoint, Host> hosts = new HashMap<>();

  private boolean closed;

  /// A request in line.
  ///
  /// @param result what it gets
  /// @param fresh whether it must be a new connection
  private record Waiter(CompletableFuture<Connection> result, boolean fresh) {}

  /// The connections to one endpoint. `open` counts idle and busy ones, and those being
  /// established.
  private static final class Host {
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final Deque<Waiter> waiting = new ArrayDeque<>();
    private int open;

    private @Nullable Waiter nextWaiting() {
      while (!waiting.isEmpty() && waiting.peek().result.isDone()) {
        waiting.remove();
      }
      return waiting.peek();
    }
  }

  ConnectionPool(Connector connector, int maximumPerHost) {
    this.connector = connector;
    this.maximumPerHost = maximumPerHost;
  }

  /// A connection for one request; the future ends with it or with a [Fault]. Cancelling the future
  /// gives the place in line back.
  ///
  /// @param fresh whether it must not be an idle one, because these turned out to be closed
  CompletableFuture<Connection> acquire(Endpoint endpoint, boolean fresh) {
    CompletableFuture<Connection> result = new CompletableFuture<>();
    List<Connection> dropped = new ArrayList<>();
    Connection found = null;
    boolean connects = false;
    synchronized (this) {
      if (closed) {
        result.completeExceptionally(Fault.closed());
        return result;
      }
      Host host = hosts.computeIfAbsent(endpoint, any -> new Host());
      if (fresh) {
        dropped.addAll(host.idle);
        host.idle.clear();
      }
      found = host.idle.pollLast();
      if (found == null) {
        connects = host.open < maximumPerHost;
        if (connects) {
          host.open++;
        } else {
          host.waiting.add(new Waiter(result, fresh));
        }
      }
    }
    dropped.forEach(Connection::close);
    if (found != null) {
      result.complete(found);
    } else if (connects) {
      connect(endpoint, result);
    }
    return result;
  }

  /// Takes back a connection that can serve another request.
  void release(Connection connection) {
    while (true) {
      Waiter next = null;
      boolean keep;
      synchronized (this) {
        Host host = hosts.get(connection.endpoint());
        keep = !closed && host != null && connection.isOpen();
        if (keep && host != null) {
          next = host.nextWaiting();
          keep = next == null || !next.fresh;
          if (next == null) {
            host.idle.add(connection);
          } else if (keep) {
            host.waiting.remove();
          }
        }
      }
      if (!keep) {
        // Its end makes room for a new connection.
        connection.close();
        return;
      }
      if (next == null || next.result.complete(connection)) {
        return;
      }
    }
  }

  /// Closes the idle connections and ends all waiting; the busy ones close when they are released.
  void close() {
    List<Connection> idle = new ArrayList<>();
    List<CompletableFuture<Connection>> waiting = new ArrayList<>();
    synchronized (this) {
      closed = true;
      for (Host host : hosts.values()) {
        idle.addAll(host.idle);
        host.idle.clear();
        host.waiting.forEach(waiter -> waiting.add(waiter.result));
        host.waiting.clear();
      }
    }
    idle.forEach(Connection::close);
    waiting.forEach(future -> future.completeExceptionally(Fault.closed()));
  }

  private void connect(Endpoint endpoint, CompletableFuture<Connection> result) {
    CompletableFuture<Connection> connecting = connector.connect(endpoint, this::release);
    connecting.whenComplete(
        (connection, error) -> {
          if (error != null) {
            leave(endpoint, null);
            result.completeExceptionally(error);
          } else {
            connection.whenClosed(() -> leave(endpoint, connection));
            if (!result.complete(connection)) {
              release(connection);
            }
          }
        });
    result.whenComplete(
        (connection, error) -> {
          if (result.isCancelled()) {
            connecting.cancel(true);
          }
        });
  }

  /// Frees the place of a connection that is closed, or was never made.
  private void leave(Endpoint endpoint, @Nullable Connection connection) {
    Waiter next = null;
    synchronized (this) {
      Host host = hosts.get(endpoint);
      if (host == null) {
        return;
      }
      host.open--;
      if (connection != null) {
        host.idle.remove(connection);
      }
      next = closed ? null : host.nextWaiting();
      if (next != null) {
        host.waiting.remove();
        host.open++;
      } else if (host.open == 0) {
        hosts.remove(endpoint);
      }
    }
    if (next != null) {
      connect(endpoint, next.result);
    }
  }
}
