package dev.dltjava.replica;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// One accepted connection and its thread's work: requests one after the other until one side ends
/// it.
final class Connection {
  private final Socket tcp;
  private final @Nullable SSLSocketFactory tls;
  private final Service service;
  private final int number;

  Connection(Socket tcp, @Nullable SSLSocketFactory tls, Service service, int number) {
    this.tcp = tcp;
    this.tls = tls;
    this.service = service;
    this.number = number;
  }

  void run() {
    try (tcp) {
      // Small answers must not wait for the client's acknowledgement of earlier ones.
      tcp.setTcpNoDelay(true);
      Socket socket = tls == null ? tcp : secured(tls);
      Wire wire = new Wire(tcp, socket.getOutputStream());
      RequestReader reader =
          new RequestReader(new BufferedInputStream(socket.getInputStream()), wire);
      Optional<Request> request = reader.next();
      while (request.isPresent() && service.serve(request.get(), wire, number)) {
        request = reader.next();
      }
    } catch (IOException | NumberFormatException _) {
      // The client has gone or speaks no HTTP, or the replica closes: this connection is over.
      return;
    }
  }

  private Socket secured(SSLSocketFactory factory) throws IOException {
    SSLSocket secured = (SSLSocket) factory.createSocket(tcp, null, tcp.getPort(), true);
    secured.setUseClientMode(false);
    secured.startHandshake();
    return secured;
  }

  void close() throws IOException {
    tcp.close();
  }
}
