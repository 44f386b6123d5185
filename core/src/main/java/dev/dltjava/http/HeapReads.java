package dev.dltjava.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/// Reads of sockets that speak TLS, into arrays. The JDK's ciphers work on arrays: what comes in
/// other memory they copy piece by piece, there and back, which costs more than the socket's one
/// copy.
final class HeapReads implements RecvByteBufAllocator {
  /// What Netty reads from a socket before it looks after the others, unless told otherwise.
  private static final int READS_IN_A_ROW = 16;

  private final RecvByteBufAllocator sizes =
      new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(READS_IN_A_ROW);

  // Netty's channels ask for this type, which it would rather have named otherwise.
  @SuppressWarnings("deprecation")
  @Override
  public Handle newHandle() {
    return new DelegatingHandle(sizes.newHandle()) {
      @Override
      public ByteBuf allocate(ByteBufAllocator allocator) {
        return allocator.heapBuffer(guess());
      }
    };
  }
}
