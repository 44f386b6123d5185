package dev.dltjava.pipeline;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.RecordReader;
import dev.dltjava.json.TextPosition;
import dev.dltjava.normalize.Normalizer;
import dev.dltjava.normalize.Outline;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Decodes documents into rows of a normalizer of its own. Used by one thread at a time.
final class DocumentDecoder implements AutoCloseable {
  /// Told of each record that has become rows.
  @FunctionalInterface
  interface Progress {
    /// @throws InterruptedException if nobody wants further ones
    void added(Normalizer normalizer) throws InterruptedException;
  }

  private final SourcePlan plan;
  private final Normalizer normalizer;
  private final JsonCursor cursor;
  private Outline outline = Outline.EMPTY;

  DocumentDecoder(SourcePlan plan, Normalizer normalizer) {
    this.plan = plan;
    this.normalizer = normalizer;
    this.cursor = new JsonCursor(plan.normalizer().limits());
  }

  Normalizer normalizer() {
    return normalizer;
  }

  /// What is known of the tables behind the last record.
  Outline outline() {
    outline = normalizer.outline(outline);
    return outline;
  }

  /// Goes on where another decoder is.
  void adopt(Outline newer) {
    if (!newer.equals(outline)) {
      normalizer.adopt(newer);
      outline = newer;
    }
  }

  /// Decodes a document, which stays open.
  ///
  /// @param before where it begins, if it is a part of a text
  /// @return where it ends
  TextPosition decode(Document document, Optional<TextPosition> before, Progress progress)
      throws InterruptedException {
    if (document.text().isEmpty()) {
      return TextPosition.START;
    }
    try (InputStream text = document.text().get().open();
        RecordReader reader =
            new RecordReader(
                cursor,
                text,
                document.records().orElse(plan.records()),
                plan.severalDocuments(),
                before)) {
      try {
        addRecords(reader, document, progress);
        return reader.position();
      } catch (DltJavaException e) {
        throw e.location().row() >= 0 ? e : e.at(e.location().withRow(reader.row()));
      }
    } catch (DltJavaException e) {
      ErrorLocation place = document.location();
      throw e.at(e.location().withUrl(place.url()).withHttpStatus(place.httpStatus()))
          .about(document.origin().subject());
    } catch (IOException e) {
      throw unreadable(document, e);
    }
  }

  private static DltJavaException unreadable(Document document, IOException e) {
    return new DltJavaException(
        ErrorCode.OPTIONS, document.location(), "the text cannot be read: " + e, e);
  }

  private void addRecords(RecordReader reader, Document document, Progress progress)
      throws InterruptedException {
    byte[] fields = document.fields().orElse("").getBytes(StandardCharsets.UTF_8);
    while (reader.next()) {
      if (plan.template().isPresent()) {
        normalizer.add(reader.cursor(), plan.template().get(), document.context());
      } else {
        normalizer.add(reader.cursor(), fields);
      }
      progress.added(normalizer);
    }
  }

  @Override
  public void close() {
    normalizer.close();
  }
}
