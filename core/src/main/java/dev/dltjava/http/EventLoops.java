package dev.dltjava.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The threads and the memory that clients share: made once, passed to each client. All threads are
/// daemons and start when first needed.
public final class EventLoops implements AutoCloseable {
  /// Names are looked up by this many threads at a time.
  private static final int LOOKUP_THREADS = 4;

  private static final int LOOKUP_IDLE_SECONDS = 10;

  /// Longest wait for the threads to end; they hold nothing that would take long.
  private static final int CLOSE_SECONDS = 5;

  private final EventLoopGroup group;
  private final ExecutorService lookups;
  private final ByteBufAllocator allocator;

  private EventLoops(EventLoopGroup group, ExecutorService lookups, ByteBufAllocator allocator) {
    this.group = group;
    this.lookups = lookups;
    this.allocator = allocator;
  }

  /// Event loops on this many threads. Bodies are decompressed on them, so that one thread bounds
  /// compressed sources to some hundred MB a second.
  public static EventLoops start(int threads) {
    return start(threads, new PooledByteBufAllocator(true));
  }

  /// As [#start(int)], with the memory from this allocator.
  public static EventLoops start(int threads, ByteBufAllocator allocator) {
    ThreadFactory lookupThreads = new DefaultThreadFactory("dlt-java-lookup", true);
    ThreadPoolExecutor lookups =
        new ThreadPoolExecutor(
            LOOKUP_THREADS,
            LOOKUP_THREADS,
            LOOKUP_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            lookupThreads);
    lookups.allowCoreThreadTimeOut(true);
    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("dlt-java-http", true), NioIoHandler.newFactory());
    return new EventLoops(group, lookups, allocator);
  }

  EventLoopGroup group() {
    return group;
  }

  /// Runs what blocks: name look-ups and reading the trusted certificates.
  ExecutorService lookups() {
    return lookups;
  }

  ByteBufAllocator allocator() {
    return allocator;
  }

  /// Ends the threads, after all clients are closed. Waits a few seconds at most. Must not be
  /// called by a thread of these loops.
  @Override
  public void close() {
    lookups.shutdownNow();
    group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
    try {
      group.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
