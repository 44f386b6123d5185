package dev.dltjava.http;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The threads and the memory that clients share: made once, passed to each client. All threads are
/// daemons; those that clients share for the network start at once, others when first needed.
public final class EventLoops implements AutoCloseable {
  /// Names are looked up by this many threads at a time.
  private static final int LOOKUP_THREADS = 4;

  /// Pages are inspected by this many threads at a time: about as fast as one decoder reads them.
  private static final int PAGE_THREADS = 2;

  /// A decoder recurses as deep as a document is nested: three frames a level.
  private static final long DECODER_STACK_BYTES = 16L << 20;

  private static final int IDLE_SECONDS = 10;

  /// Longest wait for the threads to end; they hold nothing that would take long.
  private static final int CLOSE_SECONDS = 5;

  private final EventLoopGroup group;
  private final ExecutorService lookups;
  private final ExecutorService pages;
  private final ExecutorService decoders;
  private final int decoderThreads;
  private final ByteBufAllocator allocator;

  private EventLoops(
      EventLoopGroup group,
      ExecutorService lookups,
      ExecutorService pages,
      int decoderThreads,
      ByteBufAllocator allocator) {
    this.group = group;
    this.lookups = lookups;
    this.pages = pages;
    this.decoderThreads = decoderThreads;
    this.decoders =
        executor(
            decoderThreads,
            Thread.ofPlatform()
                .name("dlt-java-decoder-", 1)
                .daemon()
                .stackSize(DECODER_STACK_BYTES)
                .factory());
    this.allocator = allocator;
  }

  /// Event loops on this many threads. Bodies are decompressed on them, so that one thread bounds
  /// compressed sources to some hundred MB a second.
  public static EventLoops start(int threads) {
    return start(threads, new PooledByteBufAllocator(true));
  }

  /// As [#start(int)], with the memory from this allocator.
  public static EventLoops start(int threads, ByteBufAllocator allocator) {
    return start(threads, new DefaultThreadFactory("dlt-java-http", true), allocator);
  }

  /// As [#start(int, ByteBufAllocator)], with event loops on threads from this factory.
  static EventLoops start(int threads, ThreadFactory factory, ByteBufAllocator allocator) {
    return new EventLoops(
        startedGroup(threads, factory),
        daemons("dlt-java-lookup", LOOKUP_THREADS),
        daemons("dlt-java-pages", PAGE_THREADS),
        Runtime.getRuntime().availableProcessors(),
        allocator);
  }

  /// All its threads run: a channel on a thread that does not start would never hear of it.
  private static EventLoopGroup startedGroup(int threads, ThreadFactory factory) {
    EventLoopGroup group = null;
    try {
      group = new MultiThreadIoEventLoopGroup(threads, factory, NioIoHandler.newFactory());
      for (EventExecutor loop : group) {
        loop.execute(() -> {});
      }
      return group;
    } catch (IllegalStateException | OutOfMemoryError exhausted) {
      if (group != null) {
        group.forEach(EventLoops::end);
      }
      throw new DltJavaException(
          ErrorCode.START,
          ErrorLocation.NONE,
          "the library's threads could not be started, as the process has come to a limit of"
              + " threads, open files or memory: "
              + exhausted.getMessage(),
          exhausted);
    }
  }

  /// A loop whose thread does not start cannot end either: its two files stay open.
  @SuppressWarnings("EmptyCatch")
  private static void end(EventExecutor loop) {
    try {
      loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    } catch (OutOfMemoryError again) {
      // What the caller gets says so already.
    }
  }

  private static ExecutorService daemons(String name, int threads) {
    return executor(threads, new DefaultThreadFactory(name, true));
  }

  private static ExecutorService executor(int threads, ThreadFactory factory) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  EventLoopGroup group() {
    return group;
  }

  /// Runs what blocks: name look-ups and reading the trusted certificates.
  ExecutorService lookups() {
    return lookups;
  }

  /// Runs what reads whole bodies, and what sends the requests that follow from them.
  public Executor pages() {
    return pages;
  }

  /// Runs parts of what one decoder would take long for: such that never wait.
  public Executor decoders() {
    return decoders;
  }

  /// So many of them run at a time: as many as there are cores that the process may use.
  public int decoderThreads() {
    return decoderThreads;
  }

  /// Runs an action on an event loop after a while; not at all once the loops are closed.
  void schedule(Runnable action, long delay, TimeUnit unit) {
    try {
      group.next().schedule(action, delay, unit);
    } catch (RejectedExecutionException ended) {
      // The clients are closed, and their fetches with them.
      return;
    }
  }

  ByteBufAllocator allocator() {
    return allocator;
  }

  /// Ends the threads, after all clients are closed. Waits a few seconds at most. Must not be
  /// called by a thread of these loops.
  @Override
  public void close() {
    lookups.shutdownNow();
    pages.shutdownNow();
    decoders.shutdownNow();
    group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
    try {
      group.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
