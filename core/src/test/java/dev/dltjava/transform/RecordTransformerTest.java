package dev.dltjava.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.Utf8Text;
import dev.dltjava.json.ValueCopy;
import dev.dltjava.limits.Limits;
import dev.dltjava.pipeline.SourcePlan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RecordTransformerTest {
  private static final String DROPPED = "dropped";

  private static List<Transformation> steps(String steps) {
    String options = "{'pushed':true,'table':'t','transformations':" + steps + "}";
    return SourcePlan.parse(options.replace('\'', '"'), "test/1").transformations();
  }

  private static String transformed(String steps, String record) {
    return transformed(new RecordTransformer(steps(steps), Limits.DEFAULT), record, "");
  }

  private static String transformed(RecordTransformer transformer, String record, String fields) {
    JsonCursor cursor = new JsonCursor(Limits.DEFAULT);
    byte[] utf8 = record.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    cursor.open(utf8, 0, utf8.length);
    cursor.value();
    byte[] appended = fields.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    if (!transformer.read(cursor, appended)) {
      return DROPPED;
    }
    Utf8Text text = new Utf8Text();
    ValueCopy.append(transformer.record(), text, Integer.MAX_VALUE, "the record");
    return text.toString().replace('"', '\'');
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // What is not looked into stays as it is written.
        "[{'drop':['b']}]|{ 'a' : 1.50E2, 'b':1, 'c':[1e999, -0, {'x':'\\u00e9\\/'}] }|"
            + "{'a':1.50E2,'c':[1e999,-0,{'x':'é/'}]}",
        "[{'filter':{'field':'a','equals':150}}]|{'a':1.50E2,'b':'\\ud800'}|"
            + "{'a':1.50E2,'b':'\\ud800'}",
        "[{'select':['b','a.x','l[*].y','s.t','m[*]']}]|"
            + "{'a':{'x':1,'y':2},'b':[1],'c':3,'l':[{'x':1,'y':2},{},5,[1]],'s':'t','m':1}|"
            + "{'a':{'x':1},'b':[1],'l':[{'y':2},{}]}",
        "[{'select':['a','a.x']}]|{'a':{'x':1,'y':2}}|{'a':{'x':1,'y':2}}",
        "[{'select':['m[*][*].x']}]|{'m':[[{'x':1,'y':2}],3]}|{'m':[[{'x':1}]]}",
        "[{'select':['n.x']}]|{'n':null}|{}",
        "[{'drop':['a.x','l[*].y','t[*]','none','b.c.d']}]|"
            + "{'a':{'x':1,'y':2},'l':[{'y':1},2],'t':[1,2],'b':1}|"
            + "{'a':{'y':2},'l':[{},2],'t':[],'b':1}",
        "[{'drop':['a']}]|{'a':1,'b':2,'a':3}|{'b':2}",
        "[{'rename':{'a':'b'}}]|{'a':1,'b':2,'c':3}|{'b':1,'c':3}",
        "[{'rename':{'a':'z'}}]|{'a':1,'b':2}|{'b':2,'z':1}",
        "[{'rename':{'u.name':'name','x':'u.x'}}]|{'u':{'name':{'f':1},'id':2},'x':3}|"
            + "{'u':{'id':2,'x':3},'name':{'f':1}}",
        "[{'rename':{'a':'a.b.c'}}]|{'a':[1]}|{'a':{'b':{'c':[1]}}}",
        "[{'rename':{'none':'b'}}]|{'b':2}|{'b':2}",
        "[{'rename':{'a':'n.x'}}]|{'a':1,'n':null}|{'n':{'x':1}}",
        "[{'rename':{'l[*].q.v':'l[*].n'}}]|{'l':[{'q':{'v':1}},{'n':2},3]}|"
            + "{'l':[{'q':{},'n':1},{'n':2},3]}",
        "[{'rename':{'a':'b'}}]|{'a':1,'a':2}|{'b':2}",
        "[{'rename':{'a':'b'}},{'select':['b.x']}]|{'a':{'x':1,'y':2}}|{'b':{'x':1}}",
        "[{'constant':{'source':'api','n.deep':1,'f':1.5,'t':true,'z':null}}]|{'source':0}|"
            + "{'source':'api','n':{'deep':1},'f':1.5,'t':true,'z':null}",
        "[{'constant':{'l[*].k':7}}]|{'l':[{},{'k':1},null]}|{'l':[{'k':7},{'k':7},{'k':7}]}",
        "[{'drop':['\\'a.b\\'.c']}]|{'a.b':{'c':1},'a':{'b':2}}|{'a.b':{},'a':{'b':2}}",
        "[{'drop':['é']}]|{'\\u00e9':1,'e':2}|{'e':2}",
        // The digests are those of Python's hashlib.
        "[{'hash':{'a':'sha256','b':'sha256','none':'sha256','z':'sha512'},'salt':'pepper'}]|"
            + "{'a':'x','b':{'k':[1,2.50]},'z':null}|"
            + "{'a':'232069a0ae43819cace8baa9e99d3047580fdbce23ae5d10ab92ed528e96b01d',"
            + "'b':'ebec3fe35b49cb42f635b295c887cfc88c3674fe6e2809ac30746713b15dee72','z':null}",
        "[{'hash':{'l[*]':'sha512'}}]|{'l':[7]}|"
            + "{'l':['f05210c5b4263f0ec4c3995bdab458d81d3953f354a9109520f159db1e8800bc"
            + "d45b97c56dce90a1fc27ab03e0b8a9af8673747023c406299374116d6f966981']}",
      })
  void doesWhatEachStepSays(String steps, String record, String expected) {
    assertThat(transformed(steps, record)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "text|1|'1'",
        "text|-0|'0'",
        "text|1E2|'100.0'",
        "text|true|'True'",
        "text|123456789012345678901|'123456789012345678901'",
        "text|{'a': [1.0]}|'{\\'a\\':[1.0]}'",
        "text|'x'|'x'",
        "text|null|null",
        "bigint|' 1_000 '|1000",
        "bigint|'0x1F'|31",
        "bigint|2.0|2",
        "bigint|7|7",
        "bigint|2.5|null",
        "bigint|1e300|null",
        "bigint|'9223372036854775808'|null",
        "bigint|'x'|null",
        "bigint|true|null",
        "bigint|[]|null",
        "double|1|1.0",
        "double|'1e3'|1000.0",
        "double|'nan'|null",
        "double|1.50|1.50",
        "double|123456789012345678901|1.2345678901234568e+20",
        "double|'x'|null",
        "double|{}|null",
        "bool|'Yes'|true",
        "bool|0|false",
        "bool|0.5|true",
        "bool|false|false",
        "bool|123456789012345678901|true",
        "bool|'maybe'|null",
        "bool|[]|null",
        "timestamp|0|'1970-01-01T00:00:00+00:00'",
        "timestamp|1.5|'1970-01-01T00:00:01.500000+00:00'",
        "timestamp|-1.5|'1969-12-31T23:59:58.500000+00:00'",
        "timestamp|'2024-02-03'|'2024-02-03T00:00:00+00:00'",
        "timestamp|'2024-02-03T04:05:06.7+02:00'|'2024-02-03T02:05:06.700000+00:00'",
        "timestamp|'x'|null",
        "timestamp|1e300|null",
        "timestamp|true|null",
      })
  void castsAsDltConverts(String type, String value, String expected) {
    String steps = "[{'cast':{'v':'" + type + "'},'on_error':'null'}]";
    assertThat(transformed(steps, "{'v':" + value + "}")).isEqualTo("{'v':" + expected + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'equals':'x'|'x'|true",
        "'equals':'x'|'y'|false",
        "'equals':1|1.0|true",
        "'equals':1.0|1|true",
        "'equals':9007199254740993|9007199254740992.0|false",
        "'equals':1|true|false",
        "'equals':1|'1'|false",
        "'equals':true|true|true",
        "'equals':true|false|false",
        "'equals':null|null|true",
        "'equals':null|0|false",
        "'not_equals':'x'|null|true",
        "'equals':'x'|['x']|false",
        "'less_than':2|1|true",
        "'less_than':2|2|false",
        "'less_than':2|'1'|false",
        "'less_than':2|null|false",
        "'less_than':2.5|123456789012345678901|false",
        "'greater_than':2.5|123456789012345678901|true",
        "'greater_than':9223372036854775807|9223372036854775808|true",
        "'greater_than':0|1e999|true",
        "'greater_than':0|-1e999|false",
        "'at_least':0.0|-0.0|true",
        "'at_least':3|3|true",
        "'at_least':3|'x'|false",
        "'at_most':3|4|false",
        "'at_most':'b'|'a'|true",
        "'less_than':'\uD83D\uDE00'|'\uFFFF'|true",
        "'at_least':2,'less_than':4|3|true",
        "'at_least':2,'less_than':4|4|false",
        "'in':['a',2,null]|2|true",
        "'in':['a',2,null]|null|true",
        "'in':['a',2]|3|false",
        "'not_in':['a',2]|3|true",
        "'is_null':true|null|true",
        "'is_null':false|null|false",
        "'is_null':false|{}|true",
        "'starts_with':'ab'|'abc'|true",
        "'starts_with':'ab'|'a'|false",
        "'ends_with':'bc'|'abc'|true",
        "'ends_with':'bc'|'c'|false",
        "'starts_with':'1'|1|false",
        "'contains':'b'|'abc'|true",
        "'contains':'x'|'abc'|false",
        "'contains':'b'|['a','b']|true",
        "'contains':2|['2',2.0]|true",
        "'contains':2|['2']|false",
        "'contains':2|2|false",
      })
  void keepsRecordsThatCompareAsAsked(String comparison, String value, boolean kept) {
    String steps = "[{'filter':{'field':'v.w'," + comparison + "}}]";
    String record = "{'v':{'w':" + value + "}}";
    assertThat(transformed(steps, record)).isEqualTo(kept ? record : DROPPED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'and':[{'field':'a','equals':1},{'field':'b','equals':2}]}|true",
        "{'and':[{'field':'a','equals':1},{'field':'b','equals':1}]}|false",
        "{'or':[{'field':'a','equals':2},{'field':'b','equals':2}]}|true",
        "{'or':[{'field':'a','equals':2},{'field':'b','equals':1}]}|false",
        "{'not':{'field':'a','equals':1}}|false",
        // What is not there counts as null, wherever the path ends.
        "{'field':'none','is_null':true}|true",
        "{'field':'a.none','is_null':true}|true",
        "{'field':'l.none','is_null':true}|true",
        "{'field':'none','equals':'x'}|false",
      })
  void combinesConditions(String condition, boolean kept) {
    String record = "{'a':1,'b':2,'l':[]}";
    assertThat(transformed("[{'filter':" + condition + "}]", record))
        .isEqualTo(kept ? record : DROPPED);
  }

  @Test
  void takesOneRecordAfterTheOther() {
    RecordTransformer transformer =
        new RecordTransformer(
            steps("[{'filter':{'field':'a','at_least':2}},{'drop':['b']}]"), Limits.DEFAULT);
    assertThat(transformed(transformer, "{'a':1}", "")).isEqualTo(DROPPED);
    assertThat(transformed(transformer, "{'a':2,'b':3}", "")).isEqualTo("{'a':2}");
    assertThat(transformed(transformer, "{'b':1,'a':3,'c':[]}", "")).isEqualTo("{'a':3,'c':[]}");
    assertThat(transformed(transformer, "{}", "{'a':5,'b':1}")).isEqualTo("{'a':5}");
    // Of equal keys the last one counts, here and when they become rows.
    assertThat(transformed(transformer, "{'a':0}", "{'a':5}")).isEqualTo("{'a':0,'a':5}");
    assertThat(transformed(transformer, "{'a':5}", "{'a':0}")).isEqualTo(DROPPED);
  }

  @Test
  void looksIntoRecordsThatAreLargerThanItsFirstArrays() {
    StringBuilder record = new StringBuilder("{'l':[");
    for (int i = 0; i < 30_000; i++) {
      record.append("{'v':").append(i).append(",'w':0},");
    }
    String steps = "[{'drop':['l[*].w']},{'cast':{'l[*].v':'text'}}]";
    assertThat(transformed(steps, record + "1]}"))
        .startsWith("{'l':[{'v':'0'},{'v':'1'},")
        .endsWith("{'v':'29999'},1]}")
        .doesNotContain("w");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{'drop':['z']},{'cast':{'a.v':'bigint'}}]|{'a':{'v':'secret'}}|a.v|"
            + "transformations[1]: cast: a string at 'a.v' cannot be converted to bigint; "
            + "\"on_error\": \"null\"",
        "[{'constant':{'a.b.c':1}}]|{'a':{'b':[]}}|a.b.c|"
            + "transformations[0]: expected an object on the way to 'a.b.c', found a list",
        "[{'rename':{'x':'a.b'}}]|{'x':1,'a':'secret'}|a.b|"
            + "transformations[0]: expected an object on the way to 'a.b', found a string",
      })
  void saysWhichValueIsWrongWithoutShowingIt(
      String steps, String record, String column, String message) {
    assertThatThrownBy(() -> transformed(steps, record))
        .isInstanceOfSatisfying(
            DltJavaException.class,
            fault -> {
              assertThat(fault.code()).isEqualTo(ErrorCode.VALUE);
              assertThat(fault.location().column()).isEqualTo(column);
            })
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("secret");
  }

  @Test
  void refusesRecordsThatAreNoObjects() {
    assertThatThrownBy(() -> transformed("[{'drop':['a']}]", "[1]"))
        .isInstanceOfSatisfying(
            DltJavaException.class, fault -> assertThat(fault.code()).isEqualTo(ErrorCode.RECORD))
        .hasMessageContaining("expected a record that is an object");
    assertThat(transformed("[]", "[1]")).isEqualTo("[1]");
  }

  @Test
  void boundsWhatARecordTakes() {
    String long17 = "x".repeat(17 << 20);
    String half = "x".repeat(9 << 20);
    String many = "1,".repeat(RecordTree.MOST_NODES) + "1";
    String deep = "a.".repeat(90) + "b";
    String deeper =
        "[{'rename':{'a':'"
            + deep
            + "'}},{'rename':{'a':'b."
            + deep
            + "'}},{'rename':{'b':'a'}},"
            + "{'rename':{'a':'b."
            + deep
            + "'}},{'rename':{'b':'a'}},{'rename':{'a':'b."
            + deep
            + "'}},{'rename':{'b':'a'}},{'rename':{'a':'b."
            + deep
            + "'}},{'rename':{'b':'a'}},"
            + "{'rename':{'a':'b."
            + deep
            + "'}}]";
    refuses("[{'drop':['b']}]", "{'a':'" + long17 + "'}", "is longer than 16777216 bytes");
    refuses(
        "[{'constant':{'b':'" + half + "'}}]",
        "{'a':'" + half + "'}",
        "becomes longer than 16777216 bytes");
    refuses(
        "[" + "{'cast':{'a[*]':'text'}},{'cast':{'a[*]':'double'}},".repeat(40) + "{'drop':['b']}]",
        "{'a':[" + "1,".repeat(RecordTree.MOST_NODES - 10) + "1]}",
        "takes more than 33554432 bytes with what its steps make");
    refuses("[{'cast':{'a[*]':'text'}}]", "{'a':[" + many + "]}", "more than 200000 members");
    refuses(deeper, "{'a':1}", "more than 500 levels deep; the option max_nesting_depth");
  }

  private static void refuses(String steps, String record, String message) {
    assertThatThrownBy(() -> transformed(steps, record))
        .isInstanceOfSatisfying(
            DltJavaException.class, fault -> assertThat(fault.code()).isEqualTo(ErrorCode.LIMIT))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|'transformations': expected an array",
        "[1]|'transformations[0]': expected an object",
        "[{}]|'transformations[0]': expected exactly one of select, drop, rename, cast, filter",
        "[{'pick':['a']}]|'transformations[0]': expected exactly one of select, drop, rename, "
            + "cast, filter, constant, hash, found pick",
        "[{'select':['a'],'drop':['b']}]|found select and drop",
        "[{'drop':['a']},{'drop':['a'],'salt':'s'}]|'transformations[1].salt': is not known",
        "[{'select':'a'}]|'transformations[0].select': expected an array",
        "[{'select':[]}]|'transformations[0].select': expected at least one path",
        "[{'select':['a..b']}]|'a..b' is no path: expected a key at character 3",
        "[{'select':['']}]|'' is no path: expected a key at character 1",
        "[{'select':['a.']}]|'a.' is no path: expected a key at character 3",
        "[{'select':['a[0]']}]|'a[0]' is no path: expected '.' or '[*]' at character 2",
        "[{'select':['a[*]b']}]|'a[*]b' is no path: expected '.' or '[*]' at character 5",
        "[{'select':['\\'a']}]|is no path: the quote at character 1 is not closed",
        "[{'rename':{}}]|'transformations[0].rename': expected at least one path",
        "[{'rename':{'a':1}}]|'transformations[0].rename.a': expected a string",
        "[{'rename':{'a[*]':'b'}}]|expected a path that ends with a key, found 'a[*]'",
        "[{'rename':{'a[*].b':'b'}}]|must be in the elements of the same lists",
        "[{'constant':{'a':[1]}}]|'transformations[0].constant.a': expected a string, a number",
        "[{'constant':{'a[*]':1}}]|expected a path that ends with a key",
        "[{'cast':{'a':'int'}}]|'transformations[0].cast.a': expected one of text, bigint, "
            + "double, bool, timestamp, found 'int'",
        "[{'cast':{'a':'text'},'on_error':'skip'}]|'transformations[0].on_error': expected one",
        "[{'hash':{'a':'md5'}}]|'transformations[0].hash.a': expected one of sha256, sha512",
        "[{'hash':{'a':'sha256'},'salt':1}]|'transformations[0].salt': expected a string",
        "[{'filter':{}}]|'transformations[0].filter.field': is required, or one of and, or, not",
        "[{'filter':{'field':'a'}}]|'transformations[0].filter.field': expected one of equals",
        "[{'filter':{'field':'a','like':'x'}}]|'transformations[0].filter.like': is not known; "
            + "expected one of equals",
        "[{'filter':{'field':'a[*]','equals':1}}]|'a[*]' has '[*]'",
        "[{'filter':{'field':'a','equals':{}}}]|filter.equals': expected a string, a number",
        "[{'filter':{'field':'a','at_least':true}}]|at_least': expected a number or a string",
        "[{'filter':{'field':'a','starts_with':1}}]|starts_with': expected a string",
        "[{'filter':{'field':'a','in':[]}}]|filter.in': expected an array of 1 to 10000 values",
        "[{'filter':{'field':'a','is_null':1}}]|filter.is_null': expected true or false",
        "[{'filter':{'and':[]}}]|filter.and': expected at least one condition",
        "[{'filter':{'and':[{'field':'a','equals':1}],'or':[]}}]|filter.or': is not known",
        "[{'filter':{'and':[{'field':'a'}]}}]|filter.and[0].field': expected one of",
      })
  void namesTheStepAndTheKeyThatAreWrong(String steps, String message) {
    refusesOptions(steps, message);
  }

  @Test
  void boundsStepsAndConditions() {
    String step = "{'drop':['a']}";
    refusesOptions("[" + (step + ",").repeat(100) + step + "]", "at most 100 steps");
    String condition = "{'not':".repeat(32) + "{'field':'a','equals':1}" + "}".repeat(32);
    refusesOptions("[{'filter':" + condition + "}]", "more than 32 levels deep");
    refusesOptions("[{'drop':['" + "a.".repeat(100) + "a']}]", "it has more than 100 parts");
  }

  private static void refusesOptions(String steps, String message) {
    assertThatThrownBy(() -> steps(steps))
        .isInstanceOfSatisfying(
            DltJavaException.class, fault -> assertThat(fault.code()).isEqualTo(ErrorCode.OPTIONS))
        .hasMessageContaining(message);
  }

  @Test
  void showsNoSalt() {
    List<Transformation> steps = steps("[{'hash':{'a':'sha256'},'salt':'pepper'}]");
    assertThat(steps.toString()).contains("SHA256").doesNotContain("pepper");
  }
}
