package dev.dltjava.ffi;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;

/// Where exceptions become statuses: an exception that left an entry point would end the process.
final class Boundary {
  /// Work that yields a status.
  @FunctionalInterface
  interface Call {
    int run() throws InterruptedException;
  }

  /// Work that yields nothing.
  @FunctionalInterface
  interface Action {
    void run() throws InterruptedException;
  }

  private Boundary() {}

  /// Runs the call; a failure fills the `dltj_error` at that address, if there is one.
  static int run(long errorAddress, Call call) {
    try {
      return call.run();
    } catch (DltJavaException failure) {
      return report(errorAddress, failure);
    } catch (InterruptedException interrupted) {
      return report(errorAddress, failure(ErrorCode.CLOSED, "the call was interrupted"));
    } catch (OutOfMemoryError exhausted) {
      return report(errorAddress, failure(ErrorCode.MEMORY, "the library's heap is exhausted"));
    } catch (Throwable bug) {
      return report(errorAddress, failure(ErrorCode.INTERNAL, "a fault of this library: " + bug));
    }
  }

  /// Runs what has no way to report a failure, and whose callers could do nothing about one.
  @SuppressWarnings("EmptyCatch")
  static void runQuietly(Action action) {
    try {
      action.run();
    } catch (Throwable ignored) {
      // The handle is gone already, the process is ending, or there is no memory for a message.
    }
  }

  private static DltJavaException failure(ErrorCode code, String message) {
    return new DltJavaException(code, ErrorLocation.NONE, message);
  }

  private static int report(long errorAddress, DltJavaException failure) {
    if (errorAddress != 0) {
      runQuietly(() -> ErrorStruct.fill(errorAddress, failure));
    }
    return failure.code().number();
  }
}
