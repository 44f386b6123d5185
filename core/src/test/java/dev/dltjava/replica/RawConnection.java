package dev.dltjava.replica;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A client that sees every byte and how the connection ends.
final class RawConnection implements AutoCloseable {
  /// How the other side left the connection.
  enum End {
    /// FIN
    CLOSED,
    /// RST
    RESET,
    /// Still there, and silent for as long as was waited.
    SILENT
  }

  /// Longer than a busy machine takes to answer: only a stalled answer lasts so long.
  private static final int ANSWER_MILLIS = 1000;

  /// How long the end of the connection may follow a complete answer.
  private static final int END_MILLIS = 250;

  private static final Pattern CONTENT_LENGTH = Pattern.compile("\r\nContent-Length: (\\d+)\r\n");

  private final Socket socket;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();

  RawConnection(Replica replica) throws IOException {
    socket = new Socket("127.0.0.1", replica.port());
  }

  void get(String target) throws IOException {
    String request = "GET " + target + " HTTP/1.1\r\nHost: replica\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  /// Reads until the connection ends or nothing comes for a while.
  End readAll() throws IOException {
    InputStream input = socket.getInputStream();
    byte[] buffer = new byte[8192];
    try {
      while (true) {
        socket.setSoTimeout(isComplete() ? END_MILLIS : ANSWER_MILLIS);
        int count = input.read(buffer);
        if (count < 0) {
          return End.CLOSED;
        }
        received.write(buffer, 0, count);
      }
    } catch (SocketTimeoutException _) {
      return End.SILENT;
    } catch (IOException _) {
      return End.RESET;
    }
  }

  private boolean isComplete() {
    Matcher length = CONTENT_LENGTH.matcher(head());
    if (length.find()) {
      return body().length >= Integer.parseInt(length.group(1));
    }
    return received.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n0\r\n\r\n");
  }

  byte[] received() {
    return received.toByteArray();
  }

  String head() {
    String all = received.toString(StandardCharsets.ISO_8859_1);
    int end = all.indexOf("\r\n\r\n");
    return end < 0 ? all : all.substring(0, end + 4);
  }

  byte[] body() {
    byte[] all = received();
    return Arrays.copyOfRange(all, head().length(), all.length);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
