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
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.arrow.vector.FieldVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Sources whose records have to fit a contract.
final class ContractOptionTest {
  private static final long LONG_WAIT = 30_000;
  private static final String ID = "{'key':'id','value':{'type':'integer'},'required':true}";

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

  private static SourcePlan plan(String options) {
    return SourcePlan.parse(options.replace('\'', '"'), "test/1");
  }

  /// Lines of `table.column: type [values]`.
  private List<String> read(String json, String options, UnaryOperator<String> answers)
      throws IOException, InterruptedException {
    Path file = folder.resolve("rows.json");
    Files.writeString(file, json.replace('\'', '"'));
    List<String> lines = new ArrayList<>();
    try (RecordSource source =
        RecordSource.open(plan("{'file':'" + file + "','table':'t'," + options + "}"), loops)) {
      while (true) {
        switch (source.take(LONG_WAIT)) {
          case Delivery.Question question ->
              source.answer(answers.apply(question.text()).replace('\'', '"'));
          case Delivery.Batch delivered -> {
            try (TableBatch batch = delivered.batch()) {
              for (FieldVector column : batch.columns()) {
                List<String> values = new ArrayList<>();
                for (int row = 0; row < batch.rows(); row++) {
                  Object value = column.getObject(row);
                  values.add(
                      value instanceof byte[] bytes
                          ? Arrays.toString(bytes)
                          : String.valueOf(value));
                }
                lines.add(
                    batch.table()
                        + "."
                        + column.getName()
                        + ": "
                        + column.getMinorType()
                        + " "
                        + values);
              }
            }
          }
          case Delivery.End _ -> {
            assertThat(source.liveBytes()).isZero();
            return lines;
          }
          case Delivery.Pending _ -> throw new AssertionError("nothing came");
          case Delivery.Failed failed -> throw failed.failure();
        }
      }
    }
  }

  private static String unasked(String question) {
    throw new AssertionError(question);
  }

  @Test
  void loadsWhatTheModelDumps() throws IOException, InterruptedException {
    assertThat(
            read(
                "[{'x':1,'id':1},{'id':2,'id':3}]",
                "'contract':{'record':{'type':'object','fields':["
                    + ID
                    + ",{'key':'name','value':{'type':'text'},'default':'\\\"n\\\"'}]}}",
                ContractOptionTest::unasked))
        .containsExactly("t.id: BIGINT [1, 3]", "t.name: VARCHAR [n, n]");
  }

  @Test
  void asksForWhatIsOpenAndKeepsTheOrder() throws IOException, InterruptedException {
    List<String> asked = new ArrayList<>();
    assertThat(
            read(
                "[{'id':1},{'id':'2'},{'id':3},{'id':'4'}]",
                "'contract':{'record':{'type':'object','fields':[" + ID + "]}}",
                question -> {
                  asked.add(question);
                  return "[[{'id':2}],[]]";
                }))
        .containsExactly("t.id: BIGINT [1, 2, 3]");
    String problem = "'id': left open, as there is another type than an integer, found ";
    Path file = folder.resolve("rows.json");
    assertThat(asked)
        .containsExactly(
            """
            {"records":[{"record":{"id":"2"},"place":"%s, record 1","problem":"%s\\"2\\""},\
            {"record":{"id":"4"},"place":"%s, record 3","problem":"%s\\"4\\""}]}"""
                .formatted(file, problem, file, problem));
  }

  @Test
  void makesColumnsOfTheTypesThatTextsAreMarkedWith() throws IOException, InterruptedException {
    assertThat(
            read(
                "[{}]",
                "'contract':{'record':{'type':'unknown','reason':'it is a test'}}",
                question ->
                    "[[{'decimal':'\uF0261.50','at':'\uF0272024-01-31T12:00:00+00:00',"
                        + "'day':'\uF0282024-01-31','id':'\uF0292024-01-31T12:00:00Z',"
                        + "'bytes':'\uF02BAQI=','time':'\uF02D12:00:00',"
                        + "'no_time':'\uF02Dnoon','list':['\uF0261.5'],'text':'\uF026'}]]"))
        .containsExactly(
            "t.decimal: DECIMAL [1.500000000]",
            "t.at: TIMESTAMPMICROTZ [1706702400000000]",
            "t.day: DATEDAY [19753]",
            "t.id: VARCHAR [2024-01-31T12:00:00Z]",
            "t.bytes: VARBINARY [[1, 2]]",
            "t.time: TIMEMICRO [43200000000]",
            "t.no_time: VARCHAR [\uF02Dnoon]",
            "t.text: VARCHAR [\uF026]",
            "t__list.value: DECIMAL [1.500000000]");
  }

  @Test
  void keepsJsonColumnsFreeOfMarks() throws IOException, InterruptedException {
    assertThat(
            read(
                "[{'id':'2024-01-31T12:00:00Z','list':['2024-01-31']}]",
                "'max_table_nesting':0,'contract':{'record':{'type':'object','fields':["
                    + "{'key':'list','value':{'type':'array','items':{'type':'date'}}}]}}",
                ContractOptionTest::unasked))
        .containsExactly("t.list: VARCHAR [[\"2024-01-31\"]]");
  }

  @Test
  void namesTheRecordThatItsColumnsCannotHold() {
    assertThatThrownBy(
            () ->
                read(
                    "[{'id':1},{'id':'2'},{'id':3},{'id':99999999999999999999}]",
                    "'contract':{'record':{'type':'object','fields':[" + ID + "]}}",
                    question -> "[[{'id':2}]]"))
        .isInstanceOfSatisfying(
            DltJavaException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(ErrorCode.VALUE);
              assertThat(failure.location().row()).isEqualTo(3);
              assertThat(failure.location().url()).endsWith("rows.json");
            });
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{}|option 'contract.record': is required",
        "{'record':1}|option 'contract.record': expected an object",
        "{'record':{'type':'int'}}|option 'contract.record.type': expected one of any, text,",
        "{'record':{'min_length':1}}|option 'contract.record.min_length': is not known",
        "{'record':{'type':'array'}}|option 'contract.record.items': is required",
        "{'record':{'type':'reference','name':'a'}}|no definition has the name 'a'",
        "{'record':{'type':'reference','name':'a'},"
            + "'definitions':{'a':{'type':'reference','name':'a','nullable':true}}}"
            + "|option 'contract.definitions.a': expected a type that is no reference itself",
        "{'record':{'type':'integer','minimum':1.5}}"
            + "|option 'contract.record.minimum': expected an integer",
        "{'record':{'type':'object','fields':[{'key':'a'}]}}|is required",
        "{'record':{},'invalid':'drop'}|option 'contract.invalid': expected one of ask, discard",
      })
  void refusesContractsThatAreNone(String contract, String message) {
    assertThatThrownBy(() -> plan("{'requests':[],'table':'t','contract':" + contract + "}"))
        .isInstanceOfSatisfying(
            DltJavaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OPTIONS))
        .hasMessageContaining(message);
  }

  @Test
  void needsWholeRecords() {
    assertThatThrownBy(
            () ->
                plan(
                    "{'requests':[],'table':'t','contract':{'record':{}},"
                        + "'record':[{'name':'a','field':'a'}]}"))
        .isInstanceOf(DltJavaException.class)
        .hasMessageContaining("'contract': needs whole records");
  }
}
