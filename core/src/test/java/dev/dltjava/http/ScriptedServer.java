package dev.dltjava.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A server on the loopback interface that does to each connection what a script says: the n-th
/// script to the n-th connection, the last one to all further ones.
public final class ScriptedServer implements AutoCloseable {
  /// What the server does to one connection; it is closed at the end.
  public interface Script {
    void run(Peer peer) throws IOException;
  }

  private final ServerSocket listener;
  private final List<Script> scripts;
  private final AtomicInteger connections = new AtomicInteger();
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  private ScriptedServer(ServerSocket listener, List<Script> scripts) {
    this.listener = listener;
    this.scripts = scripts;
  }

  public static ScriptedServer start(Script... scripts) {
    try {
      return start(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), scripts);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  public static ScriptedServer start(ServerSocket listener, Script... scripts) {
    ScriptedServer server = new ScriptedServer(listener, List.of(scripts));
    Thread.ofVirtual().start(server::accept);
    return server;
  }

  /// Answers each request of a connection with the same bytes.
  public static Script always(String answer) {
    return peer -> {
      while (!peer.readRequest().isEmpty()) {
        peer.write(answer);
      }
    };
  }

  /// Answers one request and closes the connection.
  static Script once(String answer) {
    return peer -> {
      peer.readRequest();
      peer.write(answer);
    };
  }

  static String ok(String body) {
    return "HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
  }

  static String status(String line, String... headers) {
    StringBuilder out = new StringBuilder("HTTP/1.1 ").append(line).append("\r\n");
    for (String header : headers) {
      out.append(header).append("\r\n");
    }
    return out.append("content-length: 0\r\n\r\n").toString();
  }

  public String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  public int port() {
    return listener.getLocalPort();
  }

  public int connections() {
    return connections.get();
  }

  /// The requests so far: request line, headers and body.
  public List<String> requests() {
    return requests;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        sockets.add(socket);
        int index = connections.getAndIncrement();
        Script script = scripts.get(Math.min(index, scripts.size() - 1));
        Thread.ofVirtual().start(() -> serve(socket, script));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket, Script script) {
    try (socket) {
      script.run(new Peer(socket));
    } catch (IOException closed) {
      sockets.remove(socket);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /// The server's end of a connection.
  public final class Peer {
    private final Socket socket;

    private Peer(Socket socket) {
      this.socket = socket;
    }

    /// The next request; empty when the client has closed the connection.
    public String readRequest() throws IOException {
      InputStream in = socket.getInputStream();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      String text = "";
      while (!text.endsWith("\r\n\r\n")) {
        int next = in.read();
        if (next < 0) {
          return "";
        }
        bytes.write(next);
        text = next == '\n' ? bytes.toString(StandardCharsets.ISO_8859_1) : text;
      }
      int start = text.indexOf("content-length: ");
      if (start >= 0) {
        String length = text.substring(start + 16, text.indexOf('\r', start));
        text += new String(in.readNBytes(Integer.parseInt(length)), StandardCharsets.UTF_8);
      }
      requests.add(text);
      return text;
    }

    public void write(String text) throws IOException {
      write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void write(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    }

    /// Passes all bytes on to a server on this machine, and back, until one side ends.
    void relay(int port) throws IOException {
      try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    socket.getInputStream().transferTo(server.getOutputStream());
                    server.shutdownOutput();
                  } catch (IOException ended) {
                    return;
                  }
                });
        server.getInputStream().transferTo(socket.getOutputStream());
      }
    }

    /// Waits until the client closes the connection.
    public void awaitEnd() throws IOException {
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    /// Closes so that the client gets an error instead of an end.
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }
}
