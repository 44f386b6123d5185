package dev.dltjava.pipeline;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.limits.Limits;
import dev.dltjava.limits.MemoryBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ByteProcessor;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Texts that the caller pushes, or the pieces of one text, copied off the heap or lent; a bounded
/// queue holds the caller back. Any thread pushes, the decoder's takes.
final class PushedDocuments implements Documents {
  /// A push brings many texts; a few pushes keep the decoder busy.
  private static final int QUEUED_PUSHES = 4;

  /// The longest line that is waited for before a text is taken as a whole.
  private static final int LONGEST_LINE = 16 << 20;

  /// The texts of one push, one behind the other, off the heap until nobody uses them. Used by one
  /// thread at a time.
  private static final class Push {
    final ByteBuf texts;
    final int[] lengths;
    final int budgeted;
    private int uses = 1;

    Push(ByteBuf texts, int[] lengths, int budgeted) {
      this.texts = texts;
      this.lengths = lengths;
      this.budgeted = budgeted;
    }
  }

  /// Says that no further push will come.
  private static final Push END = new Push(Unpooled.EMPTY_BUFFER, new int[0], 0);

  /// Some of the bytes of a push.
  private record Slice(Push push, ByteBuf bytes) {}

  private final boolean pieces;
  private final boolean lent;
  private final OptionalInt partBytes;
  private final Limits limits;
  private final MemoryBudget budget;
  private final BlockingQueue<Push> queue = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(QUEUED_PUSHES);
  private volatile boolean finished;
  private volatile boolean closed;

  /// The push whose turn it is.
  private @Nullable Push current;

  private int nextOfCurrent;
  private long taken;
  private boolean exhausted;

  /// What of a text that is cut was taken and belongs to no part yet.
  private final List<Slice> open = new ArrayList<>();

  private int openBytes;

  /// @param partBytes about how long the parts are that this one is cut into, empty for one text
  PushedDocuments(
      SourcePlan.Pushed plan, OptionalInt partBytes, Limits limits, MemoryBudget budget) {
    this.pieces = plan.pieces();
    this.lent = plan.lent();
    this.partBytes = partBytes;
    this.limits = limits;
    this.budget = budget;
  }

  /// Puts texts into the queue; false if there was no room within that time.
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
      queue.add(lent ? new Push(joined(texts), lengths, 0) : copied(texts, lengths));
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

  private Push copied(List<MemorySegment> texts, int[] lengths) {
    int bytes = IntStream.of(lengths).sum();
    budget.reserve(bytes);
    ByteBuf copy = UnpooledByteBufAllocator.DEFAULT.directBuffer(bytes, bytes);
    for (MemorySegment text : texts) {
      copy.writeBytes(text.asByteBuffer());
    }
    return new Push(copy, lengths, bytes);
  }

  private static ByteBuf joined(List<MemorySegment> texts) {
    return Unpooled.wrappedBuffer(
        texts.size(), texts.stream().map(MemorySegment::asByteBuffer).toArray(ByteBuffer[]::new));
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
    return next(true);
  }

  @Override
  public Optional<Document> poll() throws InterruptedException {
    return next(false);
  }

  @Override
  public boolean isExhausted() {
    return exhausted;
  }

  private Optional<Document> next(boolean waits) throws InterruptedException {
    if (exhausted) {
      return Optional.empty();
    }
    if (!pieces) {
      return nextText(waits);
    }
    return partBytes.isPresent() ? nextPart(waits) : Optional.of(rest(List.of(), taken > 0));
  }

  private Optional<Document> nextText(boolean waits) throws InterruptedException {
    while (current == null || nextOfCurrent == current.lengths.length) {
      leave();
      Push next = take(waits);
      if (next == null) {
        return Optional.empty();
      }
      current = next;
    }
    ByteBuf bytes = current.texts.readSlice(current.lengths[nextOfCurrent++]);
    List<Slice> slices = List.of(used(current, bytes));
    taken++;
    return Optional.of(
        Document.of(new Pushed(slices), location(taken - 1), () -> slices.forEach(this::free)));
  }

  /// Cuts the text behind the last end of a line that has come.
  private Optional<Document> nextPart(boolean waits) throws InterruptedException {
    while (true) {
      Push next = take(waits);
      if (next == null) {
        return exhausted ? Optional.of(part(false)) : Optional.empty();
      }
      ByteBuf bytes = next.texts;
      boolean isEnough = openBytes + bytes.readableBytes() >= partBytes.orElseThrow();
      int line = isEnough ? bytes.forEachByteDesc(ByteProcessor.FIND_LF) + 1 : 0;
      if (line > 0) {
        keep(next, bytes.readSlice(line));
      }
      Optional<Document> part = line > 0 ? Optional.of(part(true)) : Optional.empty();
      if (bytes.isReadable()) {
        keep(next, bytes.readSlice(bytes.readableBytes()));
      }
      free(next);
      if (part.isPresent()) {
        return part;
      }
      if (openBytes > LONGEST_LINE) {
        return Optional.of(rest(List.of(), taken > 0));
      }
    }
  }

  private void keep(Push push, ByteBuf bytes) {
    open.add(used(push, bytes));
    openBytes += bytes.readableBytes();
  }

  private Document part(boolean isCut) {
    List<Slice> slices = List.copyOf(open);
    open.clear();
    openBytes = 0;
    boolean continues = taken++ > 0;
    return Document.part(
        new Pushed(slices), location(0), continues, isCut, () -> slices.forEach(this::free));
  }

  /// All that follows as one text.
  ///
  /// @param before texts that precede it
  private Document rest(List<Document> before, boolean continues) {
    exhausted = true;
    List<Slice> slices = List.copyOf(open);
    open.clear();
    Text text =
        new Text() {
          /// Can be called once.
          @Override
          public InputStream open() throws IOException {
            List<InputStream> streams = new ArrayList<>();
            for (Document document : before) {
              streams.add(document.text().orElseThrow().open());
            }
            streams.add(new Pushed(slices).open());
            streams.add(new Pieces());
            return Text.joined(streams);
          }

          @Override
          public long bytes() {
            return 0;
          }
        };
    return Document.part(text, location(0), continues, false, () -> slices.forEach(this::free));
  }

  @Override
  public Document rejoined(List<Document> parts) {
    return rest(parts, parts.getFirst().continues());
  }

  private static ErrorLocation location(long text) {
    return ErrorLocation.ofUrl("text " + text);
  }

  /// The next push, `null` if there is none yet or none will come.
  private @Nullable Push take(boolean waits) throws InterruptedException {
    Push push = waits ? queue.take() : queue.poll();
    if (push == END) {
      exhausted = true;
      return null;
    }
    if (push != null) {
      room.release();
    }
    return push;
  }

  private static Slice used(Push push, ByteBuf bytes) {
    push.uses++;
    return new Slice(push, bytes);
  }

  private void free(Slice slice) {
    free(slice.push);
  }

  private void free(Push push) {
    if (--push.uses == 0) {
      budget.giveBack(push.budgeted);
      push.texts.release();
    }
  }

  private void leave() {
    if (current != null) {
      free(current);
      current = null;
    }
    nextOfCurrent = 0;
  }

  private record Pushed(List<Slice> slices) implements Text {
    @Override
    public InputStream open() {
      return slices.size() == 1
          ? stream(slices.getFirst())
          : Text.joined(slices.stream().map(Pushed::stream).toList());
    }

    private static InputStream stream(Slice slice) {
      return new ByteBufInputStream(slice.bytes.duplicate());
    }

    @Override
    public long bytes() {
      return slices.stream().mapToLong(slice -> slice.bytes.readableBytes()).sum();
    }
  }

  /// All that is still to be pushed, as one text.
  private final class Pieces extends BlockStream {
    private boolean ended;

    @Override
    public int read(byte[] target, int start, int length) throws IOException {
      Objects.checkFromIndexSize(start, length, target.length);
      if (length == 0 || ended) {
        return ended ? -1 : 0;
      }
      try {
        while (current == null || !current.texts.isReadable()) {
          leave();
          current = take(true);
          if (current == null) {
            ended = true;
            return -1;
          }
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("the source is closed");
      }
      int count = Math.min(length, current.texts.readableBytes());
      current.texts.readBytes(target, start, count);
      return count;
    }
  }

  @Override
  public void close() {
    closed = true;
    leave();
    open.forEach(this::free);
    open.clear();
    drain();
  }

  private void drain() {
    Push push;
    while ((push = queue.poll()) != null) {
      if (push != END) {
        free(push);
        room.release();
      }
    }
  }
}
