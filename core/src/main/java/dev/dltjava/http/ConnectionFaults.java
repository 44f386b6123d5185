package dev.dltjava.http;

import dev.dltjava.error.ErrorCode;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// What the failures of sockets and of TLS mean to the user.
final class ConnectionFaults {
  private ConnectionFaults() {}

  static Fault unknownHost(Endpoint endpoint, Throwable cause) {
    return new Fault(
        ErrorCode.CONNECT,
        Fault.Remedy.WAIT,
        "the host " + endpoint.host() + " was not found; check the URL, and the name server",
        cause);
  }

  static Fault connecting(Endpoint endpoint, Duration timeout, Throwable cause) {
    if (cause instanceof ConnectTimeoutException) {
      return timeout("no connection to " + endpoint, timeout, cause);
    }
    if (cause instanceof IOException) {
      return new Fault(
          ErrorCode.CONNECT,
          Fault.Remedy.WAIT,
          "cannot connect to "
              + endpoint
              + " ("
              + cause.getMessage()
              + "); check the URL, and that the server runs and can be reached",
          cause);
    }
    return Fault.unforeseen(cause);
  }

  /// Refused certificates and protocols are not tried again: they stay the same.
  static Fault handshaking(Endpoint endpoint, Duration timeout, String caFile, Throwable reported) {
    Throwable cause = unwrapped(reported);
    if (cause instanceof SslHandshakeTimeoutException) {
      return timeout("no TLS handshake with " + endpoint, timeout, cause);
    }
    CertificateException refusal = certificateRefusal(cause);
    if (refusal != null) {
      return new Fault(
          ErrorCode.TLS,
          Fault.Remedy.NONE,
          "the certificate of "
              + endpoint
              + " was refused ("
              + reason(refusal)
              + "); expected a valid one for this host, signed by a certificate in the file of the"
              + " option ca_file, "
              + caFile,
          cause);
    }
    if (cause instanceof SSLException && !isClosed(cause)) {
      return new Fault(
          ErrorCode.TLS,
          Fault.Remedy.NONE,
          "the TLS handshake with "
              + endpoint
              + " failed ("
              + cause.getMessage()
              + "); expected a server that speaks TLS 1.2 or 1.3; check the URL's scheme and port",
          cause);
    }
    if (cause instanceof IOException) {
      return new Fault(
          ErrorCode.CONNECT,
          Fault.Remedy.WAIT,
          endpoint + " closed the connection during the TLS handshake; check that it serves https",
          cause);
    }
    return Fault.unforeseen(cause);
  }

  static Fault timeout(String what, Duration timeout, @Nullable Throwable cause) {
    double seconds = timeout.toNanos() / 1e9;
    return new Fault(
        ErrorCode.TIMEOUT,
        Fault.Remedy.WAIT,
        what + " within " + seconds + " seconds; raise the option timeout_seconds if it is slow",
        cause);
  }

  /// Not tried again: what took so long would take as long once more.
  static Fault tooSlow(Endpoint endpoint, Duration longest) {
    double seconds = longest.toNanos() / 1e9;
    return new Fault(
        ErrorCode.TIMEOUT,
        Fault.Remedy.NONE,
        "the response of "
            + endpoint
            + " was not complete within "
            + seconds
            + " seconds; fetch smaller pages, or raise the option max_response_seconds");
  }

  /// So many bytes came that a head should be among them.
  static Fault headless(Endpoint endpoint) {
    return new Fault(
        ErrorCode.PROTOCOL,
        Fault.Remedy.NONE,
        endpoint
            + " sends without end, but expected was a response of HTTP/1.1; check that the URL is"
            + " that of an HTTP server, and its scheme");
  }

  /// The connection ended within a response.
  static Fault cutOff(Endpoint endpoint, @Nullable Throwable cause) {
    return new Fault(
        ErrorCode.TRUNCATED,
        Fault.Remedy.WAIT,
        endpoint
            + " closed the connection before the end of its response; expected as many bytes as it"
            + " announced",
        cause);
  }

  /// The connection ended before the first byte of a response.
  static Fault unanswered(Endpoint endpoint, boolean reused, @Nullable Throwable cause) {
    return new Fault(
        ErrorCode.CONNECT,
        reused ? Fault.Remedy.RECONNECT : Fault.Remedy.WAIT,
        endpoint + " closed the connection without an answer; check that the server is well",
        cause);
  }

  /// The error that a decoder met.
  static Throwable unwrapped(Throwable error) {
    return error instanceof DecoderException && error.getCause() != null ? error.getCause() : error;
  }

  private static String reason(CertificateException refusal) {
    Throwable root = refusal;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return switch (root) {
      case CertificateExpiredException expired -> "it has expired, " + expired.getMessage();
      case CertificateNotYetValidException early -> "it is not valid yet, " + early.getMessage();
      default -> String.valueOf(refusal.getMessage());
    };
  }

  private static @Nullable CertificateException certificateRefusal(Throwable error) {
    int depth = 0;
    for (Throwable cause = error; cause != null && depth < 10; cause = cause.getCause()) {
      if (cause instanceof CertificateException refusal) {
        return refusal;
      }
      depth++;
    }
    return null;
  }

  /// Whether an SSL exception only says that the socket was closed.
  private static boolean isClosed(Throwable error) {
    String message = String.valueOf(error.getMessage());
    return error.getCause() instanceof IOException && !(error.getCause() instanceof SSLException)
        || message.contains("closed");
  }
}
