package dev.dltjava.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.http.EventLoops;
import dev.dltjava.normalize.TableBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.arrow.vector.FieldVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sources that ask their caller.
final class QuestionsTest {
  private static final long LONG_WAIT = 30_000;

  @TempDir Path folder;
  private EventLoops loops;

  @BeforeEach
  void start() {
    loops = EventLoops.start(1);
  }

  @AfterEach
  void stop() {
    loops.close();
  }

  private RecordSource open(String json, String options) throws IOException {
    Path file = folder.resolve("rows.json");
    Files.writeString(file, json);
    String complete = "{'file':'" + file + "','table':'T','load_id':'1'," + options + "}";
    return RecordSource.open(SourcePlan.parse(complete.replace('\'', '"'), "test/1"), loops);
  }

  /// Table names to descriptions of their columns; the questions go to `asked`.
  private static Map<String, List<String>> read(
      RecordSource source, List<String> asked, UnaryOperator<String> answers)
      throws InterruptedException {
    Map<String, List<String>> tables = new TreeMap<>();
    while (true) {
      switch (source.take(LONG_WAIT)) {
        case Delivery.Question question -> {
          assertThat(source.question()).isEqualTo(question.text());
          asked.add(question.text());
          source.answer(answers.apply(question.text()));
        }
        case Delivery.Batch delivered -> {
          try (TableBatch batch = delivered.batch()) {
            tables.put(batch.table(), batch.columns().stream().map(FieldVector::getName).toList());
          }
        }
        case Delivery.End _ -> {
          return tables;
        }
        case Delivery.Pending _ -> throw new AssertionError("nothing came");
        case Delivery.Failed failed -> throw failed.failure();
      }
    }
  }

  @Test
  void asksForTheNameOfEachKeyOnce() throws IOException, InterruptedException {
    List<String> asked = new ArrayList<>();
    try (RecordSource source =
        open(
            "[{\"a\":{\"b\":1},\"l\":[{\"c\":1}]},{\"a\":{\"b\":2},\"l\":[{\"c\":2},{\"c\":3}]}]",
            "'naming':'caller','path_separator':'/'")) {
      Map<String, List<String>> tables =
          read(
              source,
              asked,
              question -> question.substring(9, question.length() - 2).toUpperCase(Locale.ROOT));
      assertThat(tables)
          .isEqualTo(
              Map.of(
                  "T", List.of("A/B", "_DLT_LOAD_ID", "_DLT_ID"),
                  "T/L", List.of("C", "_DLT_PARENT_ID", "_DLT_LIST_IDX", "_DLT_ID")));
    }
    assertThat(asked).doesNotHaveDuplicates().contains("{\"name\":\"a\"}", "{\"name\":\"c\"}");
  }

  @Test
  void asksForThePreferredTypeOfEachNewColumn() throws IOException, InterruptedException {
    List<String> asked = new ArrayList<>();
    try (RecordSource source =
        open(
            "[{\"at\":1,\"n\":1,\"k\":1},{\"at\":2,\"n\":\"x\"}]",
            "'preferred_types':true,'tables':{'T':{'columns':{'k':{'data_type':'double'}}}}")) {
      Map<String, List<String>> tables =
          read(source, asked, question -> question.contains("\"at\"") ? "timestamp" : "");
      assertThat(tables.get("T"))
          .containsExactly("at", "n", "k", "_dlt_load_id", "_dlt_id", "n__v_text");
    }
    assertThat(asked).containsExactly("{\"preferred_type\":\"at\"}", "{\"preferred_type\":\"n\"}");
  }

  @Test
  void anAnswerThatIsNoTypeEndsTheSource() throws IOException, InterruptedException {
    try (RecordSource source = open("{\"a\":1}", "'preferred_types':true")) {
      assertThatThrownBy(() -> read(source, new ArrayList<>(), question -> "number"))
          .isInstanceOf(DltJavaException.class)
          .hasMessageContaining("'number' is no type of dlt");
    }
  }

  @Test
  void aSourceThatAsksIsCancelled() throws IOException, InterruptedException {
    RecordSource source = open("{\"a\":1}", "'preferred_types':true");
    assertThat(source.take(LONG_WAIT)).isInstanceOf(Delivery.Question.class);
    source.close();
    assertThat(source.liveBytes()).isZero();
  }

  @Test
  void anAnswerWithoutAQuestionIsRefused() throws IOException, InterruptedException {
    try (RecordSource source = open("{\"a\":1}", "'timestamps':'none'")) {
      assertThatThrownBy(() -> source.answer("x"))
          .isInstanceOfSatisfying(
              DltJavaException.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STREAM));
    }
  }
}
