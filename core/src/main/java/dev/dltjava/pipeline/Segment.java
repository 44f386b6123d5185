package dev.dltjava.pipeline;

import dev.dltjava.json.TextPosition;
import dev.dltjava.normalize.Normalizer;
import dev.dltjava.normalize.Outline;
import dev.dltjava.normalize.TableBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// Some documents in a row, decoded by another thread before it is known what those before them
/// bring: rightly only if they bring nothing new. Made, awaited and freed by the source's decoder;
/// run once by any thread.
final class Segment implements Runnable {
  private final SourcePlan plan;
  private final List<Document> documents;
  private final DocumentDecoder decoder;
  private final Outline before;
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean cancelled;

  // Written by whoever runs it, read after `done`.
  private final List<TableBatch> batches = new ArrayList<>();
  private final List<DocumentDecoder.Decoded> decoded = new ArrayList<>();
  private Outline after;
  private @Nullable Throwable failure;

  /// @param decoder its until it is done
  /// @param before what is known of the tables before the first document
  Segment(SourcePlan plan, List<Document> documents, DocumentDecoder decoder, Outline before) {
    this.plan = plan;
    this.documents = documents;
    this.decoder = decoder;
    this.before = before;
    this.after = before;
  }

  @Override
  public void run() {
    try {
      decoder.adopt(before);
      for (Document document : documents) {
        // Where it begins is not known yet: should its place matter, it is decoded again.
        Optional<TextPosition> start =
            document.continues() ? Optional.of(TextPosition.START) : Optional.empty();
        decoded.add(decoder.decode(document, start, this::added));
      }
      batches.addAll(decoder.finish());
      after = decoder.outline();
    } catch (Throwable reason) {
      // Of any kind: the source's own thread comes upon it again, in its turn, and reports it.
      failure = reason;
    } finally {
      done.countDown();
    }
  }

  private void added(Normalizer normalizer) throws InterruptedException {
    if (cancelled) {
      throw new InterruptedException();
    }
    if (plan.isFull(normalizer)) {
      batches.addAll(decoder.finish());
    }
  }

  List<Document> documents() {
    return documents;
  }

  DocumentDecoder decoder() {
    return decoder;
  }

  void await() throws InterruptedException {
    done.await();
  }

  /// Ends soon, with nothing to show.
  void cancel() {
    cancelled = true;
  }

  /// Waits for the end of what was cancelled, whatever comes.
  void awaitEnd() {
    boolean interrupted = false;
    while (true) {
      try {
        done.await();
        break;
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whether it has come to its end.
  boolean succeeded() {
    return failure == null;
  }

  /// The batches of all tables, parents before children, whose owner the receiver becomes.
  List<TableBatch> takeBatches() {
    List<TableBatch> taken = List.copyOf(batches);
    batches.clear();
    return taken;
  }

  /// What came of each document, as if it were a text of its own.
  List<DocumentDecoder.Decoded> decoded() {
    return decoded;
  }

  /// What is known of the tables behind it.
  Outline after() {
    return after;
  }

  /// Whether its decoder knows no more of the tables than was to be known before it.
  boolean leftNoTrace() {
    return failure == null && after.equals(before);
  }

  /// Frees what came of it.
  void discard() {
    takeBatches().forEach(TableBatch::close);
  }
}
