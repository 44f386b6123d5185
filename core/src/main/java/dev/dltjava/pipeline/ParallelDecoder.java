package dev.dltjava.pipeline;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.normalize.Outline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Decodes texts on several threads with the same outcome as on one, but for where batches end.
///
/// What becomes of a record depends on the tables that those before it have made: on an [Outline],
/// which hardly ever changes after the first few. So segments are decoded at the same time as if
/// those before them changed nothing. In their turn they are accepted if that was so, and else
/// decoded again. Errors are found again too, on the source's own thread, where their place in the
/// text is known. While fewer texts than a segment wait, nothing is to be gained: the own thread
/// decodes them, and their rows gather in one batch.
final class ParallelDecoder implements AutoCloseable {
  /// A segment is at most so many times as long as the shortest.
  private static final int LONGEST_SEGMENT = 16;

  /// Texts of segments hold at most one part in so many of a source's memory.
  private static final int MEMORY_SHARE = 16;

  private final SourcePlan plan;
  private final Documents texts;
  private final Decoder inOrder;
  private final Supplier<DocumentDecoder> decoders;
  private final Executor executor;
  private final int threads;

  /// Segments under way, in their order.
  private final Deque<Segment> ahead = new ArrayDeque<>();

  private final Deque<DocumentDecoder> idle = new ArrayDeque<>();

  /// So many segments may be under way: few while each brings something new.
  private int depth = 1;

  /// The texts of the next segment.
  private final Deque<Document> gathered = new ArrayDeque<>();

  private long gatheredBytes;
  private long segmentedBytes;

  /// Why there is no further text, to be said after those before it.
  private @Nullable DltJavaException failure;

  /// @param inOrder decodes what is not worth a segment, and puts all into order
  /// @param decoders makes those of other threads
  /// @param executor runs segments, which never wait
  /// @param threads so many at a time
  ParallelDecoder(
      SourcePlan plan,
      Documents texts,
      Decoder inOrder,
      Supplier<DocumentDecoder> decoders,
      Executor executor,
      int threads) {
    this.plan = plan;
    this.texts = texts;
    this.inOrder = inOrder;
    this.decoders = decoders;
    this.executor = executor;
    this.threads = threads;
  }

  /// Decodes all texts.
  void run() throws InterruptedException {
    while (true) {
      gather();
      if (isSegment() && ahead.size() < depth) {
        start();
      } else if (!ahead.isEmpty()) {
        settle();
      } else if (!gathered.isEmpty()) {
        decode(takeSegment());
      } else if (failure != null) {
        throw failure;
      } else {
        Optional<Document> next = texts.next();
        if (next.isEmpty()) {
          break;
        }
        add(next.get());
      }
    }
    inOrder.flush();
  }

  /// Takes texts that are there.
  private void gather() throws InterruptedException {
    try {
      while (failure == null && gatheredBytes < segmentBytes()) {
        Optional<Document> next = texts.poll();
        if (next.isEmpty()) {
          return;
        }
        add(next.get());
      }
    } catch (DltJavaException reason) {
      failure = reason;
    }
  }

  private void add(Document document) {
    gathered.add(document);
    gatheredBytes += document.bytes();
  }

  /// Short ones at first, so that short texts are shared too; long ones make larger batches. All
  /// that are under way hold a small part of the source's memory.
  private long segmentBytes() {
    long most =
        Math.min(
            plan.segmentBytes() * LONGEST_SEGMENT,
            plan.normalizer().limits().memoryBytes() / (MEMORY_SHARE * mostAhead()));
    long share = segmentedBytes / (2L * threads);
    return Math.max(Math.min(Math.max(share, plan.segmentBytes()), most), 1);
  }

  /// A few wait, so that a thread which is done has its next one at once.
  private int mostAhead() {
    return threads + 2;
  }

  private boolean isSegment() {
    if (gathered.isEmpty()) {
      return false;
    }
    boolean isRest = !ahead.isEmpty() && (failure != null || texts.isExhausted());
    // A part may end within a document: only a segment can be taken back.
    return isRest || gatheredBytes >= segmentBytes() || gathered.getFirst().isPart();
  }

  private void start() throws InterruptedException {
    Outline outline = inOrder.outline();
    segmentedBytes += gatheredBytes;
    List<Document> documents = takeSegment();
    ahead.add(started(documents, outline));
  }

  /// As many of the gathered texts as make a segment.
  private List<Document> takeSegment() {
    long most = segmentBytes();
    long bytes = 0;
    List<Document> taken = new ArrayList<>();
    while (bytes < most && !gathered.isEmpty()) {
      Document document = gathered.removeFirst();
      bytes += document.bytes();
      taken.add(document);
    }
    gatheredBytes -= bytes;
    return taken;
  }

  private Segment started(List<Document> documents, Outline outline) {
    // The one that was used last expects the most of the next batch.
    DocumentDecoder decoder = idle.pollLast();
    if (decoder == null) {
      decoder = decoders.get();
    }
    Segment segment = new Segment(plan, documents, decoder, outline);
    try {
      executor.execute(segment);
    } catch (RejectedExecutionException closing) {
      segment.run();
    }
    return segment;
  }

  /// Waits for the first segment and puts what came of it into the order.
  private void settle() throws InterruptedException {
    Segment first = ahead.element();
    first.await();
    ahead.remove();
    if (!first.succeeded()) {
      free(first);
      decodeAgain(first.documents());
      return;
    }
    first.documents().forEach(Document::close);
    idle.add(first.decoder());
    if (first.leftNoTrace()) {
      depth = Math.min(depth * 2, mostAhead());
    } else {
      depth = Math.max(depth / 2, 1);
      retract();
    }
    try {
      inOrder.accept(first);
    } finally {
      first.discard();
    }
  }

  /// Undoes what was begun on the assumption that nothing new would come.
  private void retract() {
    ahead.forEach(Segment::cancel);
    while (!ahead.isEmpty()) {
      Segment last = ahead.removeLast();
      last.awaitEnd();
      free(last);
      last.documents().reversed().forEach(gathered::addFirst);
    }
    gatheredBytes = gathered.stream().mapToLong(Document::bytes).sum();
  }

  /// Frees what came of a segment, but not its texts.
  private void free(Segment segment) {
    segment.discard();
    if (segment.leftNoTrace()) {
      idle.add(segment.decoder());
    } else {
      segment.decoder().close();
    }
  }

  /// Decodes texts which another thread could not, with all that belong to them.
  private void decodeAgain(List<Document> documents) throws InterruptedException {
    // What lacked memory, say, may succeed now, and bring something new.
    retract();
    if (!documents.getFirst().isPart()) {
      decode(documents);
      return;
    }
    documents.reversed().forEach(gathered::addFirst);
    List<Document> parts = List.copyOf(gathered);
    gathered.clear();
    gatheredBytes = 0;
    try (Document whole = texts.rejoined(parts)) {
      inOrder.decode(whole);
    } finally {
      parts.forEach(Document::close);
    }
  }

  private void decode(List<Document> documents) throws InterruptedException {
    int decoded = 0;
    try {
      for (Document document : documents) {
        inOrder.decode(document);
        document.close();
        decoded++;
      }
    } finally {
      documents.subList(decoded, documents.size()).forEach(Document::close);
    }
  }

  @Override
  public void close() {
    retract();
    gathered.forEach(Document::close);
    gathered.clear();
    idle.forEach(DocumentDecoder::close);
  }
}
