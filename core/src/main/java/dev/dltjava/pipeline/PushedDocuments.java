package dev.dltjava.pipeline;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.limits.Limits;
import dev.dltjava.limits.MemoryBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Texts that the caller pushes, or the pieces of one text, copied off the heap; a bounded queue
/// holds the caller back. Any thread pushes, the decoder's takes.
final class PushedDocuments implements Documents {
  /// A push brings many texts; a few pushes keep the decoder busy.
  private static final int QUEUED_PUSHES = 4;

  /// The texts of one push, one behind the other.
  ///
  /// @param texts off-heap copy, `null` to say that no further push will come
  /// @param lengths bytes of each text
  private record Push(@Nullable ByteBuf texts, int[] lengths) {}

  private static final Push END = new Push(null, new int[0]);

  private final boolean pieces;
  private final Limits limits;
  private final MemoryBudget budget;
  private final BlockingQueue<Push> queue = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(QUEUED_PUSHES);
  private volatile boolean finished;
  private volatile boolean closed;
  private Push current = END;
  private int nextOfCurrent;
  private long taken;

  /// @param pieces whether all that is pushed is one text
  PushedDocuments(boolean pieces, Limits limits, MemoryBudget budget) {
    this.pieces = pieces;
    this.limits = limits;
    this.budget = budget;
  }

  /// Copies texts into the queue; false if there was no room within that time.
  boolean push(List<MemorySegment> texts, long timeoutMilliseconds) throws InterruptedException {
    if (finished) {
      throw new DltJavaException(
          ErrorCode.STREAM,
          ErrorLocation.NONE,
          "the source was told that no further text will come");
    }
    int[] lengths = lengths(texts);
    if (!room.tryAcquire(timeoutMilliseconds, TimeUnit.MILLISECONDS)) {
      return false;
    }
    try {
      queue.add(new Push(copy(texts), lengths));
    } catch (RuntimeException | Error failure) {
      room.release();
      throw failure;
    }
    if (closed) {
      // The decoder has ended meanwhile.
      drain();
    }
    return true;
  }

  private int[] lengths(List<MemorySegment> texts) {
    long longest = Math.min(limits.bodyBytes(), Integer.MAX_VALUE);
    long total = 0;
    int[] lengths = new int[texts.size()];
    for (int i = 0; i < lengths.length; i++) {
      total += texts.get(i).byteSize();
      if (total > longest) {
        throw new DltJavaException(
            ErrorCode.LIMIT,
            ErrorLocation.NONE,
            "texts of more than "
                + longest
                + " bytes were pushed at once; the option max_body_bytes"
                + " sets this limit");
      }
      lengths[i] = (int) texts.get(i).byteSize();
    }
    return lengths;
  }

  private ByteBuf copy(List<MemorySegment> texts) {
    int bytes = (int) texts.stream().mapToLong(MemorySegment::byteSize).sum();
    budget.reserve(bytes);
    ByteBuf copy = UnpooledByteBufAllocator.DEFAULT.directBuffer(bytes, bytes);
    for (MemorySegment text : texts) {
      copy.writeBytes(text.asByteBuffer());
    }
    return copy;
  }

  /// Says that no further text will come; the decoder ends after those in the queue.
  void finish() {
    if (!finished) {
      finished = true;
      queue.add(END);
    }
  }

  @Override
  public Optional<Document> next() throws InterruptedException {
    if (pieces) {
      return taken++ == 0 ? Optional.of(document(new Pieces())) : Optional.empty();
    }
    ByteBuf texts = texts();
    if (texts == null) {
      return Optional.empty();
    }
    ByteBuf text = texts.readSlice(current.lengths[nextOfCurrent++]);
    taken++;
    return Optional.of(document(new ByteBufInputStream(text)));
  }

  private Document document(InputStream body) {
    return Document.of(body, ErrorLocation.ofUrl("text " + (taken - 1)));
  }

  /// Those of the push whose turn it is, `null` behind the last one.
  private @Nullable ByteBuf texts() throws InterruptedException {
    while (nextOfCurrent == current.lengths.length) {
      free(current);
      nextOfCurrent = 0;
      current = queue.take();
      if (current.texts == null) {
        return null;
      }
    }
    return current.texts;
  }

  /// All that is pushed, as one text.
  private final class Pieces extends InputStream {
    private boolean ended;

    @Override
    public int read() throws IOException {
      byte[] single = new byte[1];
      return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int start, int length) throws IOException {
      Objects.checkFromIndexSize(start, length, target.length);
      try {
        ByteBuf piece = ended || length == 0 ? null : texts();
        if (piece == null) {
          ended = length > 0;
          return ended ? -1 : 0;
        }
        int count = Math.min(length, piece.readableBytes());
        piece.readBytes(target, start, count);
        if (!piece.isReadable()) {
          nextOfCurrent = current.lengths.length;
        }
        return count;
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("the source is closed");
      }
    }
  }

  private void free(Push push) {
    if (push.texts != null) {
      budget.giveBack(push.texts.capacity());
      push.texts.release();
      room.release();
    }
  }

  @Override
  public void close() {
    closed = true;
    free(current);
    current = END;
    nextOfCurrent = 0;
    drain();
  }

  private void drain() {
    Push push;
    while ((push = queue.poll()) != null) {
      free(push);
    }
  }
}
