package dev.dltjava.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class EventLoopsTest {
  /// Gives so many threads, then fails as a system does that has no more.
  private static ThreadFactory threads(int count) {
    AtomicInteger left = new AtomicInteger(count);
    return action ->
        new Thread(action) {
          @Override
          public void start() {
            if (left.getAndDecrement() <= 0) {
              throw new OutOfMemoryError("unable to create native thread");
            }
            super.start();
          }
        };
  }

  @Test
  void startAllTheirThreadsOrNone() {
    for (int count = 0; count < 2; count++) {
      ThreadFactory factory = threads(count);

      assertThatThrownBy(() -> EventLoops.start(2, factory, UnpooledByteBufAllocator.DEFAULT))
          .isInstanceOfSatisfying(
              DltJavaException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.START))
          .hasMessageContaining("unable to create native thread");
    }
    EventLoops.start(2, threads(2), UnpooledByteBufAllocator.DEFAULT).close();
  }
}
