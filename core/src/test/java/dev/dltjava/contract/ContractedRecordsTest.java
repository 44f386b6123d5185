package dev.dltjava.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.contract.ContractType.Extra;
import dev.dltjava.contract.ContractType.Field;
import dev.dltjava.contract.ContractedRecords.Place;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.JsonText;
import dev.dltjava.limits.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ContractedRecordsTest {
  private static final ContractType WHOLE =
      new ContractType.Whole(Long.MIN_VALUE, Long.MAX_VALUE, 1, false);
  private static final ContractType RECORD =
      new ContractType.Model(
          List.of(new Field("id", "id", WHOLE, true, Optional.empty())), Extra.KEPT);

  private final List<String> loaded = new ArrayList<>();
  private final List<List<OpenRecord>> asked = new ArrayList<>();
  private String answer = "";

  private ContractedRecords records(boolean discards) {
    RecordContract contract = new RecordContract(RECORD, Map.of(), discards);
    return new ContractedRecords(
        contract,
        Limits.DEFAULT,
        open -> {
          asked.add(List.copyOf(open));
          // An answer that fits any question.
          return answer.isEmpty()
              ? "[" + String.join(",", Collections.nCopies(open.size(), "[{\"id\":0}]")) + "]"
              : answer;
        },
        record -> {
          JsonText text = new JsonText();
          text.write(record);
          loaded.add(text.string());
        });
  }

  private static void add(ContractedRecords records, String record, String fields, long row) {
    byte[] utf8 = record.getBytes(StandardCharsets.UTF_8);
    JsonCursor cursor = new JsonCursor(Limits.DEFAULT);
    cursor.open(utf8, 0, utf8.length);
    cursor.value();
    ErrorLocation document = ErrorLocation.ofUrl("http://localhost/orders");
    records.add(
        cursor, fields.getBytes(StandardCharsets.UTF_8), new Place("orders", document, row));
    assertThat(cursor.atEnd()).isTrue();
  }

  private static void add(ContractedRecords records, String record) {
    add(records, record, "", 0);
  }

  @Test
  void keepsTheOrderOfTheRecords() {
    ContractedRecords records = records(false);
    add(records, "{\"id\": 1}");
    add(records, "{\"id\": \"2\"}");
    add(records, "{\"id\": 3}");
    assertThat(loaded).containsExactly("{\"id\":1}");
    records.flush();
    records.flush();
    assertThat(loaded).containsExactly("{\"id\":1}", "{\"id\":0}", "{\"id\":3}");
    assertThat(asked).hasSize(1);
  }

  @Test
  void saysOfAnOpenRecordWhereItIsAndWhy() {
    ContractedRecords records = records(false);
    add(records, "{\"id\": \"2\", \"a\": 1.50}", "", 7);
    records.flush();
    assertThat(asked)
        .containsExactly(
            List.of(
                new OpenRecord(
                    "{\"id\":\"2\",\"a\":1.50}",
                    "orders, http://localhost/orders, record 7",
                    "'id': left open, as there is another type than an integer, found \"2\"")));
  }

  @Test
  void asksAtOnceForARecordThatBreaksARule() {
    add(records(false), "{}");
    assertThat(asked).hasSize(1);
    assertThat(loaded).containsExactly("{\"id\":0}");
  }

  @Test
  void discardsARecordThatBreaksARuleWithoutAsking() {
    ContractedRecords records = records(true);
    add(records, "{}");
    add(records, "{\"id\":1}");
    records.flush();
    assertThat(asked).isEmpty();
    assertThat(loaded).containsExactly("{\"id\":1}");
  }

  @Test
  void asksForManyRecordsTogether() {
    ContractedRecords records = records(false);
    for (int i = 0; i < 2_500; i++) {
      add(records, "{\"id\":\"\"}");
    }
    records.flush();
    assertThat(asked).extracting(List::size).containsExactly(1_000, 1_000, 500);
    assertThat(loaded).hasSize(2_500);
  }

  @Test
  void checksTheFieldsOfTheRequestWithTheRecord() {
    ContractedRecords records = records(false);
    add(records, "{\"a\": 1, \"id\": \"x\"}", "{\"id\": 5, \"b\": 2}", 0);
    add(records, "{}", "{\"id\": 6}", 0);
    add(records, "{\"id\": 7}", "{}", 0);
    assertThat(loaded).containsExactly("{\"id\":5,\"a\":1,\"b\":2}", "{\"id\":6}", "{\"id\":7}");
    assertThatThrownBy(() -> add(records, "1", "{\"id\": 6}", 0))
        .isInstanceOf(DltJavaException.class);
  }

  @Test
  void leavesHalvesOfSurrogatePairsOpenAsEscapes() {
    ContractedRecords records = records(false);
    add(records, "{\"id\": 1, \"a\": \"\\ud83d!\"}");
    records.flush();
    assertThat(asked.getFirst().getFirst().text()).isEqualTo("{\"id\":1,\"a\":\"\\ud83d!\"}");
  }

  @Test
  void takesNoneOrOneRecordForEachThatWasOpen() {
    answer = "[[],[{\"id\": 1.0}]]";
    ContractedRecords records = records(false);
    add(records, "{\"id\":\"a\"}");
    add(records, "{\"id\":\"b\"}");
    records.flush();
    assertThat(loaded).containsExactly("{\"id\":1.0}");
  }

  @Test
  void refusesAnswersOfAnotherShape() {
    for (String wrong : List.of("{}", "[]", "[1]", "[[],[]]", "")) {
      answer = wrong + " ";
      ContractedRecords records = records(false);
      add(records, "{\"id\":\"a\"}");
      assertThatThrownBy(records::flush)
          .as(wrong)
          .isInstanceOfSatisfying(
              DltJavaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STREAM));
    }
  }
}
