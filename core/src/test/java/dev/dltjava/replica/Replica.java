package dev.dltjava.replica;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// A running replica: an HTTP/1.1 server on 127.0.0.1 with one virtual thread a connection. Safe
/// for many threads.
public final class Replica implements AutoCloseable {
  /// Connections that the kernel holds until they are accepted: a client may open hundreds at once.
  private static final int BACKLOG = 1024;

  private final ServerSocket server;
  private final @Nullable SSLSocketFactory tls;
  private final String origin;
  private final Service service;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();

  private Replica(ReplicaOptions options) throws IOException, GeneralSecurityException {
    tls = options.tls() == null ? null : socketFactory(options.tls());
    server = new ServerSocket(options.port(), BACKLOG, InetAddress.ofLiteral("127.0.0.1"));
    String scheme = tls == null ? "http://" : "https://";
    origin = scheme + options.host() + ":" + server.getLocalPort();
    service = new Service(options, origin);
  }

  /// Starts a replica; it serves when this returns.
  public static Replica start(ReplicaOptions options) {
    try {
      Replica replica = new Replica(options);
      Thread.ofVirtual().name("replica-accept").start(replica::accept);
      return replica;
    } catch (IOException e) {
      throw new UncheckedIOException("the replica cannot listen on port " + options.port(), e);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the replica cannot use its key store", e);
    }
  }

  private static SSLSocketFactory socketFactory(ReplicaOptions.Tls tls)
      throws IOException, GeneralSecurityException {
    char[] password = tls.password().toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(tls.keyStore())) {
      store.load(file, password);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context.getSocketFactory();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        Connection connection = new Connection(socket, tls, service, accepted.incrementAndGet());
        open.add(connection);
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    connection.run();
                  } finally {
                    open.remove(connection);
                  }
                });
      }
    } catch (IOException _) {
      // The server socket is closed: the replica is over. A connection accepted meanwhile ends too.
      closeConnections();
    }
  }

  /// Scheme, host and port, such as `http://127.0.0.1:4711`.
  public String origin() {
    return origin;
  }

  /// In place of `https://api.chess.com/pub/`, with its slash.
  public String baseUrl() {
    return origin + "/pub/";
  }

  /// In place of `https://www.chess.com/callback/`, with its slash.
  public String callbackUrl() {
    return origin + "/callback/";
  }

  public int port() {
    return server.getLocalPort();
  }

  /// The next `times` requests whose path matches meet the fault; see [#faults] for patterns.
  public void fault(String pattern, int times, Fault fault) {
    service.faults().add(List.of(new FaultRule(pattern, times, fault)));
  }

  /// All requests from now on whose path matches meet the fault.
  public void faultAlways(String pattern, Fault fault) {
    fault(pattern, FaultRule.ALWAYS, fault);
  }

  /// Adds rules written as text, as `POST /control/faults` takes them.
  public void faults(String text) {
    service.faults().add(FaultText.parse(text));
  }

  /// Serves a JSON text at a path, or at a path with its query, for all methods.
  public void serve(String target, String json) {
    serve(target, Response.json(200, json));
  }

  /// Serves any answer at a path, or at a path with its query, for all methods.
  public void serve(String target, Response response) {
    service.register(target, response);
  }

  /// The requests so far, oldest first, without those to the control endpoint; at most the last
  /// 100,000.
  public List<LoggedRequest> log() {
    return service.log().entries();
  }

  /// How many requests were open at once, at most.
  public int mostOpenRequests() {
    return service.log().mostOpen();
  }

  /// How many connections were accepted so far.
  public int connections() {
    return accepted.get();
  }

  /// Lets stalled answers go on.
  public void release() {
    service.stalls().release();
  }

  /// Drops rules, registered bodies and the log, and releases stalled answers.
  public void reset() {
    service.reset();
  }

  /// Generates all archives, in the encoding that clients with gzip get, before any is asked for.
  public void warm() {
    service.warm();
  }

  /// Stops listening and ends all connections. May be called twice.
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      closeConnections();
      service.stalls().release();
    }
  }

  private void closeConnections() {
    for (Connection connection : open) {
      try {
        connection.close();
      } catch (IOException _) {
        // It has ended by itself.
        continue;
      }
    }
  }
}
