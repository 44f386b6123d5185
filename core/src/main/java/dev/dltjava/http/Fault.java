package dev.dltjava.http;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import io.netty.channel.ChannelException;
import org.jspecify.annotations.Nullable;

/// Why one try failed, and whether another one may help. Carries no stack trace: it is not a fault
/// of this library.
final class Fault extends Exception {
  private static final long serialVersionUID = 1;

  /// Whether to try again.
  enum Remedy {
    NONE,
    /// After a wait, if attempts are left.
    WAIT,
    /// At once, on a new connection: the server had closed an idle one.
    RECONNECT
  }

  private final ErrorCode code;
  private final Remedy remedy;

  Fault(ErrorCode code, Remedy remedy, String message, @Nullable Throwable cause) {
    super(message, cause, false, false);
    this.code = code;
    this.remedy = remedy;
  }

  Fault(ErrorCode code, Remedy remedy, String message) {
    this(code, remedy, message, null);
  }

  static Fault closed() {
    return new Fault(
        ErrorCode.CLOSED,
        Remedy.NONE,
        "the client was closed before the response arrived; open another one to fetch more");
  }

  /// The fault that an unforeseen error means.
  static Fault unforeseen(Throwable error) {
    return switch (error) {
      case Fault fault -> fault;
      case OutOfMemoryError memory ->
          new Fault(
              ErrorCode.MEMORY,
              Remedy.NONE,
              "no memory was left for a response ("
                  + memory.getMessage()
                  + "); lower concurrency or memory_limit_bytes",
              memory);
      case ChannelException channel ->
          new Fault(
              ErrorCode.CONNECT,
              Remedy.WAIT,
              "the system gives no socket ("
                  + (channel.getCause() == null ? channel : channel.getCause()).getMessage()
                  + "); the process may have too many open files (ulimit -n)",
              channel);
      default ->
          new Fault(
              ErrorCode.INTERNAL,
              Remedy.NONE,
              "the HTTP client failed in a way that it does not know: " + error,
              error);
    };
  }

  Remedy remedy() {
    return remedy;
  }

  /// The exception that the caller of the client gets.
  DltJavaException toException(String maskedUrl, int attempts) {
    String message = String.valueOf(getMessage());
    if (attempts > 1) {
      message += " (tried " + attempts + " times; option max_attempts)";
    }
    return new DltJavaException(code, ErrorLocation.ofUrl(maskedUrl), message, getCause());
  }
}
