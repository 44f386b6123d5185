package dev.dltjava.pipeline;

import dev.dltjava.contract.Author;
import dev.dltjava.contract.ContractedRecords;
import dev.dltjava.contract.ContractedRecords.Place;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.RecordReader;
import dev.dltjava.json.TextPosition;
import dev.dltjava.limits.Limits;
import dev.dltjava.normalize.Normalizer;
import dev.dltjava.normalize.Outline;
import dev.dltjava.normalize.TableBatch;
import dev.dltjava.transform.RecordTransformer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decodes documents into rows of a normalizer of its own. Used by one thread at a time.
final class DocumentDecoder implements AutoCloseable {
  /// Told of each record that has become rows.
  @FunctionalInterface
  interface Progress {
    /// @throws InterruptedException if nobody wants further ones
    void added(Normalizer normalizer) throws InterruptedException;
  }

  /// What came of a document.
  ///
  /// @param end where it ended
  /// @param rows of the root table
  record Decoded(TextPosition end, long rows) {
    static final Decoded NOTHING = new Decoded(TextPosition.START, 0);
  }

  private final SourcePlan plan;
  private final Normalizer normalizer;
  private final JsonCursor cursor;
  private final RecordTransformer transformer;

  /// Checks records on their way to the normalizer, `null` without a contract.
  private final @Nullable ContractedRecords contracted;

  private Outline outline = Outline.EMPTY;

  /// @param normalizer closed with this
  /// @param author asked for what a contract leaves open
  DocumentDecoder(SourcePlan plan, Normalizer normalizer, Author author) {
    this.plan = plan;
    this.normalizer = normalizer;
    this.cursor = new JsonCursor(plan.normalizer().limits());
    Limits limits = plan.normalizer().limits();
    this.transformer = new RecordTransformer(plan.transformations(), limits);
    this.contracted =
        plan.contract()
            .map(contract -> new ContractedRecords(contract, limits, author, normalizer::add))
            .orElse(null);
  }

  /// Hands out the gathered rows, a parent table before its child tables.
  List<TableBatch> finish() {
    if (contracted != null) {
      contracted.flush();
    }
    return normalizer.finish();
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
  Decoded decode(Document document, Optional<TextPosition> before, Progress progress)
      throws InterruptedException {
    if (document.text().isEmpty()) {
      return Decoded.NOTHING;
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
        long rows = addRecords(reader, document, progress);
        return new Decoded(reader.position(), rows);
      } catch (DltJavaException e) {
        throw e.location().row() >= 0 ? e : e.at(e.location().withRow(reader.row()));
      }
    } catch (DltJavaException e) {
      if (!e.location().url().isEmpty()) {
        // A record that waited may be one of an earlier document.
        throw e;
      }
      ErrorLocation place = document.location();
      throw e.at(e.location().withUrl(place.url()).withHttpStatus(place.httpStatus()))
          .about(document.origin().subject());
    } catch (IOException e) {
      throw Document.unreadable(document.location(), e);
    }
  }

  private long addRecords(RecordReader reader, Document document, Progress progress)
      throws InterruptedException {
    byte[] fields = document.fields().orElse("").getBytes(StandardCharsets.UTF_8);
    long rows = 0;
    while (reader.next()) {
      if (!transformer.read(reader.cursor(), fields)) {
        continue;
      }
      rows++;
      if (contracted != null) {
        Place place = new Place(document.origin().subject(), document.location(), reader.row());
        contracted.add(transformer.record(), transformer.fields(), place);
      } else if (plan.template().isPresent()) {
        normalizer.add(transformer.record(), plan.template().get(), document.context());
      } else {
        normalizer.add(transformer.record(), transformer.fields());
      }
      progress.added(normalizer);
    }
    return rows;
  }

  @Override
  public void close() {
    normalizer.close();
  }
}
