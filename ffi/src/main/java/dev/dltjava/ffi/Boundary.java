package dev.dltjava.ffi;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;

/// Where exceptions become statuses.
final class Boundary {
  private Boundary() {}

  /// The status for a failure, which also fills the `dltj_error` at that address, if there is one
  /// and as far as there is memory for it. Throws nothing.
  static int report(long errorAddress, Throwable failure) {
    int status =
        switch (failure) {
          case DltJavaException known -> known.code().number();
          case InterruptedException _ -> ErrorCode.CLOSED.number();
          case OutOfMemoryError _ -> ErrorCode.MEMORY.number();
          default -> ErrorCode.INTERNAL.number();
        };
    if (errorAddress != 0) {
      describe(errorAddress, status, failure);
    }
    return status;
  }

  @SuppressWarnings("EmptyCatch")
  private static void describe(long errorAddress, int status, Throwable failure) {
    try {
      ErrorStruct.fill(errorAddress, status);
      ErrorStruct.fill(errorAddress, known(failure));
    } catch (Throwable exhausted) {
      // The status tells as much as there was memory for.
    }
  }

  private static DltJavaException known(Throwable failure) {
    return switch (failure) {
      case DltJavaException known -> known;
      case InterruptedException _ -> failure(ErrorCode.CLOSED, "the call was interrupted");
      case OutOfMemoryError exhausted -> failure(ErrorCode.MEMORY, exhausted(exhausted));
      default -> failure(ErrorCode.INTERNAL, "a fault of this library: " + failure);
    };
  }

  private static String exhausted(OutOfMemoryError error) {
    return "the library's heap or the system has no more memory or threads: " + error.getMessage();
  }

  private static DltJavaException failure(ErrorCode code, String message) {
    return new DltJavaException(code, ErrorLocation.NONE, message);
  }
}
