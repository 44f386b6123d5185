package dev.dltjava.contract;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.JsonKind;
import dev.dltjava.json.JsonText;
import dev.dltjava.json.Utf8Text;
import dev.dltjava.limits.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Lets records pass that fit a contract. Those that it leaves open wait, and with them, to keep
/// the order, the ones behind them, until there are enough to ask for. One owner, one thread.
public final class ContractedRecords {
  /// Takes what is loaded of a record.
  @FunctionalInterface
  public interface Sink {
    /// @param record has read the first token, and is to be left behind the last one
    void add(JsonCursor record);
  }

  /// Records that wait for one question, which costs two changes of threads: so many, or so many
  /// bytes of text, for the heap's sake.
  private static final int MOST_WAITING = 1_000;

  private static final int MOST_WAITING_BYTES = 1 << 20;

  /// Arrays around each record of an answer.
  private static final int ANSWER_NESTING = 2;

  /// A record that waits.
  ///
  /// @param text what is loaded of it, or itself if it is open
  private record Waiting(byte[] text, Optional<String> problem, Place place) {}

  /// Where a record is.
  ///
  /// @param subject what messages about it begin with, may be empty
  /// @param location of its document
  /// @param row index in its document
  public record Place(String subject, ErrorLocation location, long row) {
    private String described() {
      List<String> parts = new ArrayList<>();
      if (!subject.isEmpty()) {
        parts.add(subject);
      }
      if (!location.url().isEmpty()) {
        parts.add(location.url());
      }
      parts.add("record " + row);
      return String.join(", ", parts);
    }
  }

  private final boolean discards;
  private final ContractCheck check;
  private final Author author;
  private final Sink sink;
  private final JsonText text = new JsonText();
  private final JsonCursor reader;
  private final JsonCursor answers;
  private final List<Waiting> waiting = new ArrayList<>();
  private int waitingBytes;

  /// @param sink gets what is loaded, in the order of the records
  public ContractedRecords(RecordContract contract, Limits limits, Author author, Sink sink) {
    this.discards = contract.discards();
    this.check = new ContractCheck(contract, limits);
    this.author = author;
    this.sink = sink;
    this.reader = new JsonCursor(limits);
    this.answers = new JsonCursor(limits.deeperBy(ANSWER_NESTING));
  }

  /// Checks the record whose first token the cursor has read, and moves the cursor behind it.
  ///
  /// @param fields text of an object whose members are appended to the record, empty for none
  public void add(JsonCursor cursor, byte[] fields, Place place) {
    byte[] record = read(cursor, fields);
    boolean isUnicode = !text.halfPair();
    Verdict verdict = isUnicode ? check.check(record, record.length) : Verdict.OPEN;
    switch (verdict) {
      case VALID -> {
        Utf8Text output = check.output();
        if (waiting.isEmpty()) {
          pass(output.bytes(), output.length(), place);
        } else {
          hold(Arrays.copyOf(output.bytes(), output.length()), Optional.empty(), place);
        }
      }
      case INVALID -> {
        if (!discards) {
          hold(record, Optional.of(check.problem()), place);
          // The answer is most likely an error, of which nobody should learn late.
          flush();
        }
      }
      case OPEN -> {
        String problem = isUnicode ? check.problem() : "the record: half of a surrogate pair";
        hold(record, Optional.of(problem), place);
      }
    }
    if (waiting.size() >= MOST_WAITING || waitingBytes >= MOST_WAITING_BYTES) {
      flush();
    }
  }

  private void hold(byte[] record, Optional<String> problem, Place place) {
    waiting.add(new Waiting(record, problem, place));
    waitingBytes += record.length;
  }

  /// Lets no record wait any longer.
  public void flush() {
    if (waiting.isEmpty()) {
      return;
    }
    List<OpenRecord> open = new ArrayList<>();
    for (Waiting record : waiting) {
      record.problem.ifPresent(
          problem ->
              open.add(
                  new OpenRecord(
                      new String(record.text, StandardCharsets.UTF_8),
                      record.place.described(),
                      problem)));
    }
    byte[] answer = author.judge(open).getBytes(StandardCharsets.UTF_8);
    answers.open(answer, 0, answer.length);
    expect(answers.document() == JsonKind.ARRAY);
    for (Waiting record : waiting) {
      if (record.problem.isEmpty()) {
        pass(record.text, record.text.length, record.place);
      } else {
        expect(answers.toElement() && answers.value() == JsonKind.ARRAY);
        while (answers.toElement()) {
          answers.value();
          text.writeExact(answers);
          pass(text.text().bytes(), text.text().length(), record.place);
        }
      }
    }
    expect(!answers.toElement());
    waiting.clear();
    waitingBytes = 0;
  }

  private static void expect(boolean isExpected) {
    if (!isExpected) {
      throw new DltJavaException(
          ErrorCode.STREAM,
          ErrorLocation.NONE,
          "the answer about records is not an array with an array for each of them");
    }
  }

  private void pass(byte[] record, int length, Place place) {
    try {
      reader.open(record, 0, length);
      reader.value();
      sink.add(reader);
    } catch (DltJavaException fault) {
      ErrorLocation location = place.location.withRow(place.row);
      // Offsets are those of the checked text, which nobody has.
      throw fault.at(location.withColumn(fault.location().column())).about(place.subject);
    }
  }

  /// The compact text of a record, with the members of its fields behind its own.
  private byte[] read(JsonCursor cursor, byte[] fields) {
    if (fields.length > 0 && cursor.kind() != JsonKind.OBJECT) {
      throw new DltJavaException(
          ErrorCode.RECORD,
          ErrorLocation.NONE,
          "expected a record that is an object, to which the fields of its request can be added");
    }
    byte[] record = copy(cursor);
    if (fields.length == 0) {
      return record;
    }
    reader.open(fields, 0, fields.length);
    reader.value();
    byte[] both = JsonText.joined(record, copy(reader));
    // Once more, as the keys of one may be in the other.
    reader.open(both, 0, both.length);
    reader.value();
    return copy(reader);
  }

  /// The compact text of a value, with halves of surrogate pairs, which UTF-8 cannot express, as
  /// escapes.
  private byte[] copy(JsonCursor cursor) {
    text.writeExact(cursor);
    if (!text.halfPair()) {
      return Arrays.copyOf(text.text().bytes(), text.text().length());
    }
    StringBuilder escaped = new StringBuilder();
    for (int character : text.string().codePoints().toArray()) {
      if (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE) {
        escaped.append("\\u").append(Integer.toHexString(character));
      } else {
        escaped.appendCodePoint(character);
      }
    }
    return escaped.toString().getBytes(StandardCharsets.UTF_8);
  }
}
