package dev.dltjava.http;

import dev.dltjava.error.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// A decompressed body in off-heap blocks. Filled by one event loop, then read by one thread at a
/// time; released once, by any thread that knows nobody reads it.
///
/// Bytes are copied out of the buffers of the socket: these are large, and a few bytes would keep
/// each of them.
final class Body {
  private static final int SMALLEST_BLOCK = 4 << 10;

  /// A quarter of a chunk of Netty's pool.
  private static final int LARGEST_BLOCK = 1 << 20;

  private final ByteBufAllocator allocator;
  private final long limit;
  private final BodyMemory memory;
  private final List<ByteBuf> blocks = new ArrayList<>();
  private final AtomicBoolean released = new AtomicBoolean();
  private long nextBlock;
  private long length;

  /// @param limit most bytes
  /// @param expectedLength what the server announces, or a guess: the size of the first block
  /// @param memory has the bytes of the blocks until they are released
  Body(ByteBufAllocator allocator, long limit, long expectedLength, BodyMemory memory) {
    this.allocator = allocator;
    this.limit = limit;
    this.nextBlock = expectedLength;
    this.memory = memory;
  }

  long length() {
    return length;
  }

  List<ByteBuf> blocks() {
    return Collections.unmodifiableList(blocks);
  }

  /// Copies all bytes of `in`.
  void append(ByteBuf in) throws Fault {
    while (in.isReadable()) {
      ByteBuf block = space();
      int count = Math.min(in.readableBytes(), block.writableBytes());
      block.writeBytes(in, count);
      wrote(count);
    }
  }

  /// A block with room for a byte at least. Whoever writes to it tells [#wrote(int)].
  ByteBuf space() throws Fault {
    if (!blocks.isEmpty() && blocks.getLast().isWritable()) {
      return blocks.getLast();
    }
    // One byte more than allowed, so that the excess shows.
    long size = Math.clamp(nextBlock, SMALLEST_BLOCK, LARGEST_BLOCK);
    int capacity = (int) Math.min(size - 1, limit - length) + 1;
    memory.reserve(capacity);
    ByteBuf block;
    try {
      block = allocator.directBuffer(capacity, capacity);
    } catch (OutOfMemoryError exhausted) {
      memory.giveBack(capacity);
      throw exhausted;
    }
    blocks.add(block);
    nextBlock = size * 2;
    return block;
  }

  void wrote(int count) throws Fault {
    length += count;
    if (length > limit) {
      throw tooLong(limit);
    }
  }

  static Fault tooLong(long limit) {
    return new Fault(
        ErrorCode.LIMIT,
        Fault.Remedy.NONE,
        "the body is longer than "
            + limit
            + " bytes; fetch smaller pages, or raise the option max_body_bytes");
  }

  void release() {
    if (released.compareAndSet(false, true)) {
      for (ByteBuf block : blocks) {
        memory.giveBack(block.capacity());
        block.release();
      }
    }
  }

  boolean isReleased() {
    return released.get();
  }
}
