package dev.dltjava.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.contract.ContractType.Any;
import dev.dltjava.contract.ContractType.Extra;
import dev.dltjava.contract.ContractType.Field;
import dev.dltjava.contract.ContractType.Length;
import dev.dltjava.contract.ContractType.Model;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.limits.Limits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ContractCheckTest {
  private static final ContractType TEXT = new ContractType.Text(Length.ANY, Optional.empty());
  private static final ContractType WHOLE =
      new ContractType.Whole(Long.MIN_VALUE, Long.MAX_VALUE, 1, false);
  private static final ContractType REAL =
      new ContractType.Real(Double.NEGATIVE_INFINITY, false, Double.POSITIVE_INFINITY, false);

  private static Field required(String key, ContractType type) {
    return new Field(key, key, type, true, Optional.empty());
  }

  private static Field standing(String key, ContractType type, String standard) {
    return new Field(key, key, type, false, Optional.of(standard));
  }

  private static Model model(Extra extra, Field... fields) {
    return new Model(List.of(fields), extra);
  }

  /// The verdict, and what is loaded or what was found.
  private static String check(ContractType type, String record) {
    return check(
        new ContractCheck(new RecordContract(type, Map.of(), false), Limits.DEFAULT), record);
  }

  private static String check(ContractCheck check, String record) {
    byte[] utf8 = record.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    Verdict verdict = check.check(utf8, utf8.length);
    String text = verdict == Verdict.VALID ? check.output().toString() : check.problem();
    return verdict + " " + text.replace('"', '\'');
  }

  private static final Model SIZE =
      model(Extra.IGNORED, required("width", WHOLE), standing("unit", TEXT, "\"mm\""));

  private static final Model ORDER =
      model(
          Extra.IGNORED,
          required("id", new ContractType.Whole(1, 100, 1, true)),
          standing("name", new ContractType.Nullable(TEXT), "null"),
          standing("price", REAL, "1.5"),
          standing("sizes", new ContractType.Items(SIZE, new Length(0, 2)), "[]"));

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{'id':1}|{'id':1,'name':null,'price':1.5,'sizes':[]}",
        "{'price':2,'id':1}|{'id':1,'name':null,'price':2.0,'sizes':[]}",
        "{'x':{'y':[1]},'id':1,'name':'n','z':1}|{'id':1,'name':'n','price':1.5,'sizes':[]}",
        "{'sizes':[{'unit':'cm','width':1},{'x':1,'width':2}],'id':7}"
            + "|{'id':7,'name':null,'price':1.5,"
            + "'sizes':[{'width':1,'unit':'cm'},{'width':2,'unit':'mm'}]}",
      })
  void loadsTheFieldsInTheOrderOfTheModel(String record, String loaded) {
    assertThat(check(ORDER, record)).isEqualTo("VALID " + loaded);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{}|'id': the field is required, and absent",
        "{'id':null}|'id': expected an integer, found null",
        "{'id':{'a':[1,2]}}|'id': expected an integer, found {'a':[1,2]}",
        "{'id':0}|'id': expected an integer of at least 1 and of at most 100, found 0",
        "{'id':1,'price':[]}|'price': expected a number, found []",
        "{'id':1,'sizes':{}}|'sizes': expected an array, found {}",
        "{'id':1,'sizes':[{'width':1},{}]}|'sizes[1].width': the field is required, and absent",
        "{'id':1,'sizes':[{'width':1},{'width':1},{'width':1}]}"
            + "|'sizes': expected at most 2 elements, found 3",
        "{'sizes':[{'width':[]}],'id':[]}|'sizes[0].width': expected an integer, found []",
      })
  void saysWhereWhichRuleIsBroken(String record, String problem) {
    assertThat(check(ORDER, record)).isEqualTo("INVALID " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{'id':'1'}|'id': left open, as there is another type than an integer, found '1'",
        "{'id':1.0}|'id': left open, as there is another type than an integer, found 1.0",
        "{'id':true}|'id': left open, as there is another type than an integer, found true",
        "{'id':99999999999999999999}"
            + "|'id': left open, as there is a bound, and more than 64 bits, found"
            + " 99999999999999999999",
        "{'id':1,'sizes':[1]}"
            + "|'sizes[0]': left open, as there is another type than an object, found 1",
        "{'id':1,'price':1e400}"
            + "|'price': left open, as there is a number that is too large for a double, found"
            + " 1e400",
      })
  void leavesWhatMayBeConvertedToTheAuthor(String record, String problem) {
    assertThat(check(ORDER, record)).isEqualTo("OPEN " + problem);
  }

  /// dlt ends the load for an object that is none, and drops other invalid records.
  @Test
  void leavesARecordOpenThatAlsoBreaksARule() {
    assertThat(check(ORDER, "{'id':null,'sizes':[1]}")).startsWith("OPEN");
  }

  @Test
  void keepsOrForbidsWhatTheModelDoesNotKnow() {
    Field id = required("id", WHOLE);
    assertThat(check(model(Extra.KEPT, id, standing("n", TEXT, "1")), "{'b':[1, 2],'id':1,'a':{}}"))
        .isEqualTo("VALID {'id':1,'n':1,'b':[1, 2],'a':{}}");
    assertThat(check(model(Extra.FORBIDDEN, id), "{'id':1,'b':2}"))
        .isEqualTo("INVALID 'b': expected no such field, found 2");
  }

  @Test
  void renamesFields() {
    Field field = new Field("orderId", "order_id", WHOLE, true, Optional.empty());
    assertThat(check(model(Extra.IGNORED, field), "{'orderId':1,'order_id':2}"))
        .isEqualTo("VALID {'order_id':1}");
  }

  @Test
  void comparesLengthsInCharacters() {
    ContractType two = new ContractType.Text(new Length(2, 2), Optional.empty());
    assertThat(check(two, "'ä😀'")).startsWith("VALID");
    assertThat(check(two, "'äöü'"))
        .isEqualTo("INVALID the record: expected exactly 2 characters, found 'äöü'");
    assertThat(check(new ContractType.Mapping(WHOLE, new Length(1, Long.MAX_VALUE)), "{}"))
        .isEqualTo("INVALID the record: expected at least 1 member, found 0");
  }

  @Test
  void namesTheKeysOfMaps() {
    ContractType map = new ContractType.Mapping(WHOLE, Length.ANY);
    assertThat(check(map, "{'a':1,'b c':2}")).isEqualTo("VALID {'a':1,'b c':2}");
    assertThat(check(map, "{'a':1,'b c':null}"))
        .isEqualTo("INVALID 'b c': expected an integer, found null");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "'2024-02-29T12:00:00Z'|VALID '\uF0272024-02-29T12:00:00+00:00'",
        "'2024-01-31T12:00:00.5+02:00'|VALID '\uF0272024-01-31T12:00:00.500000+02:00'",
        "'2024-01-31T12:00:00.000'|VALID '\uF0272024-01-31T12:00:00'",
        "'2023-02-29T12:00:00Z'|OPEN",
        "'2024-01-31T24:00:00Z'|OPEN",
        "'2024-01-31 12:00:00Z'|OPEN",
        "'2024-01-31T12:00:00-00:00'|OPEN",
        "'2024-01-31T12:00:00.1234567'|OPEN",
        "'2024-01-31T12:00:00.'|OPEN",
        "'2024-01-31T12:00:00+2'|OPEN",
        "'0000-01-31T12:00:00'|OPEN",
        "1706702400|OPEN",
        "null|INVALID",
      })
  void takesTimestampsInOneSpelling(String value, String verdict) {
    assertThat(check(new ContractType.Timestamp(), value)).startsWith(verdict);
  }

  @Test
  void takesDatesAndUuidsInOneSpelling() {
    ContractType date = new ContractType.Date();
    ContractType uuid = new ContractType.Uuid();
    String id = "'12345678-1234-5678-1234-567812345abc'";
    assertThat(check(date, "'2024-02-29'")).isEqualTo("VALID '\uF0282024-02-29'");
    assertThat(check(date, "'2024-2-29'")).startsWith("OPEN");
    assertThat(check(date, "'2024-13-01'")).startsWith("OPEN");
    assertThat(check(uuid, id)).isEqualTo("VALID " + id);
    assertThat(check(uuid, id.replace("abc", "ABC"))).startsWith("OPEN");
    assertThat(check(uuid, "'12345678123456781234567812345abcdefg'")).startsWith("OPEN");
  }

  @Test
  void choosesAmongValues() {
    ContractType closed = new ContractType.Choice(Set.of("a", "b"), Set.of(1L), true);
    assertThat(check(closed, "'a'")).isEqualTo("VALID 'a'");
    assertThat(check(closed, "1")).isEqualTo("VALID 1");
    assertThat(check(closed, "'c'"))
        .isEqualTo("INVALID the record: expected one of a, b, found 'c'");
    assertThat(check(closed, "2")).startsWith("OPEN");
    assertThat(check(new ContractType.Choice(Set.of("a"), Set.of(), false), "'c'"))
        .startsWith("OPEN");
    ContractType scalar = new ContractType.Scalar(true, true, false, false);
    assertThat(check(scalar, "'c'")).isEqualTo("VALID 'c'");
    assertThat(check(scalar, "1.5")).startsWith("OPEN");
  }

  @Test
  void checksBoundsOfNumbers() {
    ContractType percent = new ContractType.Real(0, true, 100, false);
    assertThat(check(percent, "100")).isEqualTo("VALID 100.0");
    assertThat(check(percent, "0.0"))
        .isEqualTo(
            "INVALID the record: expected a number above 0.0 and of at most 100.0, found 0.0");
    assertThat(check(new ContractType.Whole(Long.MIN_VALUE, Long.MAX_VALUE, 3, true), "-4"))
        .isEqualTo("INVALID the record: expected a multiple of 3, found -4");
    assertThat(check(WHOLE, "99999999999999999999")).isEqualTo("VALID 99999999999999999999");
    assertThat(check(REAL, "9007199254740993")).startsWith("OPEN");
  }

  @Test
  void shortensWhatItShows() {
    assertThat(check(WHOLE, "['" + "x".repeat(1_000) + "']"))
        .isEqualTo("INVALID the record: expected an integer, found ['" + "x".repeat(78) + "…");
  }

  @Test
  void checksRecordsAsDeepAsTheLimitAllows() {
    Model tree =
        model(
            Extra.KEPT,
            standing(
                "child", new ContractType.Nullable(new ContractType.Reference("tree")), "null"));
    RecordContract contract =
        new RecordContract(new ContractType.Reference("tree"), Map.of("tree", tree), false);
    ContractCheck check = new ContractCheck(contract, Limits.DEFAULT);
    int depth = Limits.DEFAULT.nestingDepth();
    String deep = "{'child':".repeat(depth - 1) + "{}" + "}".repeat(depth - 1);
    assertThat(check(check, deep)).isEqualTo("VALID " + deep.replace("{}", "{'child':null}"));
    assertThatThrownBy(() -> check(check, "{'child':" + deep + "}"))
        .isInstanceOfSatisfying(
            DltJavaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
  }

  /// Keys that are data must not fill the memory.
  @Test
  void forgetsKeysThatNoFieldHas() {
    ContractCheck check =
        new ContractCheck(
            new RecordContract(model(Extra.IGNORED, required("id", new Any())), Map.of(), false),
            Limits.DEFAULT);
    for (int i = 0; i < 30_000; i++) {
      assertThat(check(check, "{'k" + i + "':0,'id':" + i + "}"))
          .isEqualTo("VALID {'id':" + i + "}");
    }
  }
}
