package dev.dltjava.replica;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;

/// Holds stalled answers until they are released. Safe for many threads.
final class StallGate {
  private CountDownLatch gate = new CountDownLatch(1);

  void await() throws IOException {
    try {
      present().await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped while stalled");
    }
  }

  private synchronized CountDownLatch present() {
    return gate;
  }

  /// Lets all go on that wait now; later ones wait again.
  synchronized void release() {
    gate.countDown();
    gate = new CountDownLatch(1);
  }
}
