package dev.dltjava.pipeline;

import dev.dltjava.contract.Author;
import dev.dltjava.contract.OpenRecord;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.json.JsonText;
import dev.dltjava.normalize.Caller;
import dev.dltjava.schema.DataType;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;
import org.jspecify.annotations.Nullable;

/// Asks the caller among the deliveries of a source: the decoder waits, the caller's thread finds
/// the question when it takes the next delivery. No thread of the library ever enters the caller's
/// code.
final class Questions implements Caller, Author {
  private final BlockingQueue<Delivery> deliveries;
  private final SynchronousQueue<String> answers = new SynchronousQueue<>();
  private volatile @Nullable String open;

  Questions(BlockingQueue<Delivery> deliveries) {
    this.deliveries = deliveries;
  }

  @Override
  public String nameOf(String key) {
    return ask("name", key);
  }

  @Override
  public Optional<DataType> preferredType(String column) {
    String name = ask("preferred_type", column);
    return name.isEmpty()
        ? Optional.empty()
        : Optional.of(
            DataType.ofDltName(name)
                .orElseThrow(() -> stream("the answer '" + name + "' is no type of dlt")));
  }

  @Override
  public String judge(List<OpenRecord> records) {
    StringBuilder array = new StringBuilder("[");
    for (OpenRecord record : records) {
      array
          .append(array.length() == 1 ? "" : ",")
          .append("{\"record\":")
          .append(record.text())
          .append(",\"place\":")
          .append(JsonText.quoted(record.place()))
          .append(",\"problem\":")
          .append(JsonText.quoted(record.problem()))
          .append('}');
    }
    return askJson("records", array.append(']').toString());
  }

  private String ask(String question, String about) {
    return askJson(question, JsonText.quoted(about));
  }

  private String askJson(String question, String about) {
    String text = "{\"" + question + "\":" + about + "}";
    try {
      open = text;
      deliveries.put(new Delivery.Question(text));
      return answers.take();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new DltJavaException(
          ErrorCode.CLOSED, ErrorLocation.NONE, "the source was cancelled", interrupted);
    } finally {
      open = null;
    }
  }

  /// The question that waits for an answer. Any thread.
  String open() {
    String text = open;
    if (text == null) {
      throw stream("the source asks nothing");
    }
    return text;
  }

  /// Answers the open question. Any thread.
  void answer(String answer) throws InterruptedException {
    open();
    answers.put(answer);
  }

  private static DltJavaException stream(String message) {
    return new DltJavaException(ErrorCode.STREAM, ErrorLocation.NONE, message);
  }
}
