package dev.dltjava.replica;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;

/// The sending side of one connection, down to how it ends. One owner, one thread; [#close] may
/// come from another.
final class Wire implements AutoCloseable {
  /// A reset discards what the client's kernel has not handed over yet: the client gets time to
  /// read the part of the body that it is meant to see.
  private static final Duration BEFORE_RESET = Duration.ofMillis(50);

  /// The TCP socket, also under TLS: a fault ends the connection without TLS's farewell.
  private final Socket tcp;

  private final OutputStream output;

  Wire(Socket tcp, OutputStream output) {
    this.tcp = tcp;
    this.output = output;
  }

  void send(byte[] bytes, int from, int to) throws IOException {
    output.write(bytes, from, to - from);
    output.flush();
  }

  void send(byte[] bytes) throws IOException {
    send(bytes, 0, bytes.length);
  }

  /// Sends in pieces, with a pause before each.
  void drip(byte[] bytes, int pieceBytes, Duration pause) throws IOException {
    for (int from = 0; from < bytes.length; from += pieceBytes) {
      pause(pause);
      send(bytes, from, Math.min(from + pieceBytes, bytes.length));
    }
  }

  static void pause(Duration duration) throws IOException {
    if (duration.isZero()) {
      return;
    }
    try {
      Thread.sleep(duration);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped while pausing");
    }
  }

  /// Ends the connection with RST.
  void reset() throws IOException {
    pause(BEFORE_RESET);
    tcp.setSoLinger(true, 0);
    tcp.close();
  }

  /// Ends the connection with FIN.
  @Override
  public void close() throws IOException {
    tcp.close();
  }
}
