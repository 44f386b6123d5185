package dev.dltjava.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.http.EventLoops;
import dev.dltjava.normalize.TableBatch;
import dev.dltjava.replica.Replica;
import dev.dltjava.replica.ReplicaOptions;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What several threads make of texts, against what one makes of them.
final class ParallelDecoderTest {
  private static final long LONG_WAIT = 30_000;

  /// Ids come from the content, so that they and the links of child rows can be compared.
  private static final String OPTIONS = "'table':'t','load_id':'1','row_id':'row_hash'";

  private static final String ONE = ",'decoder_threads':1}";
  private static final String FOUR = ",'decoder_threads':4,'segment_bytes':%d}";

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

  /// How a text reaches a source.
  private enum Way {
    FILE,
    PIECES,
    TEXTS
  }

  /// What came out of a source.
  ///
  /// @param columns by table and column, in their order, the values of all rows
  private record Outcome(Map<String, List<String>> columns, @Nullable DltJavaException failure) {
    String error() {
      return failure == null
          ? ""
          : failure.code() + " " + failure.location() + failure.getMessage();
    }

    int rows() {
      return columns.getOrDefault("t._dlt_id", List.of()).size();
    }
  }

  private RecordSource open(String options) {
    return RecordSource.open(SourcePlan.parse(options.replace('\'', '"'), "test/1"), loops);
  }

  private Outcome read(Way way, String text, String options) throws Exception {
    Path file = folder.resolve("text.json");
    Files.writeString(file, text);
    String input =
        switch (way) {
          case FILE -> "'file':'" + file + "',";
          case PIECES -> "'pieces':true,";
          case TEXTS -> "'pushed':true,";
        };
    RecordSource opened = open("{" + input + OPTIONS + options);
    List<String> texts =
        switch (way) {
          case FILE -> List.of();
          case PIECES -> pieces(text);
          case TEXTS -> text.lines().toList();
        };
    Thread pusher = Thread.ofPlatform().start(() -> push(opened, way, texts));
    Outcome outcome;
    try (RecordSource source = opened) {
      outcome = drain(source);
      source.cancel();
      pusher.join();
    }
    assertThat(opened.liveBytes()).isZero();
    return outcome;
  }

  /// Cut anywhere.
  private static List<String> pieces(String text) {
    Random random = new Random(text.length());
    List<String> pieces = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = Math.min(text.length(), start + 1 + random.nextInt(500));
      pieces.add(text.substring(start, end));
      start = end;
    }
    return pieces;
  }

  private static void push(RecordSource source, Way way, List<String> texts) {
    if (way == Way.FILE) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      for (String text : texts) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        MemorySegment segment = arena.allocate(Math.max(bytes.length, 1)).asSlice(0, bytes.length);
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        while (!source.push(List.of(segment), LONG_WAIT)) {
          continue;
        }
      }
      source.finish();
    } catch (DltJavaException | InterruptedException closed) {
      // The source has failed, and its test goes on with that.
      return;
    }
  }

  private static Outcome drain(RecordSource source) throws InterruptedException {
    Map<String, List<String>> columns = new LinkedHashMap<>();
    Map<String, Integer> rows = new HashMap<>();
    while (true) {
      switch (source.take(LONG_WAIT)) {
        case Delivery.Batch delivered -> {
          try (TableBatch batch = delivered.batch()) {
            add(batch, rows.getOrDefault(batch.table(), 0), columns);
            rows.merge(batch.table(), batch.rows(), Integer::sum);
          }
        }
        case Delivery.End _ -> {
          return new Outcome(columns, null);
        }
        case Delivery.Question question -> throw new AssertionError(question.text());
        case Delivery.Pending _ -> throw new AssertionError("nothing came");
        case Delivery.Failed failed -> {
          return new Outcome(columns, failed.failure());
        }
      }
    }
  }

  private static void add(TableBatch batch, int before, Map<String, List<String>> columns) {
    for (FieldVector vector : batch.columns()) {
      List<String> values =
          columns.computeIfAbsent(
              batch.table() + "." + vector.getName(),
              name -> new ArrayList<>(Collections.nCopies(before, "null")));
      for (int row = 0; row < batch.rows(); row++) {
        values.add(String.valueOf(vector.getObject(row)));
      }
    }
  }

  private static void assertSame(Outcome actual, Outcome expected) {
    assertThat(actual.columns()).isEqualTo(expected.columns());
    // Columns keep their order too, which maps do not compare.
    assertThat(order(actual)).isEqualTo(order(expected));
    assertThat(actual.error()).isEqualTo(expected.error());
  }

  /// The columns of each table.
  private static Map<String, List<String>> order(Outcome outcome) {
    return outcome.columns().keySet().stream()
        .collect(Collectors.groupingBy(name -> name.substring(0, name.indexOf('.'))));
  }

  /// Records whose keys, types and lists become more and more, some of them late.
  private static String evolving(int records) {
    Random random = new Random(records);
    StringBuilder text = new StringBuilder();
    for (int record = 0; record < records; record++) {
      text.append("{\"id\":").append(record);
      int known = 2 + record / 60;
      for (int field = 0; field < 5; field++) {
        int key = random.nextInt(known);
        text.append(",\"key").append(key).append("\":").append(value(random, key, record));
      }
      text.append("}\n");
    }
    return text.toString();
  }

  private static String value(Random random, int key, int record) {
    return switch ((key + (record > 700 ? random.nextInt(2) : 0)) % 6) {
      case 0 -> String.valueOf(random.nextInt());
      case 1 -> "\"text " + random.nextInt(100) + "\"";
      case 2 -> "{\"aB\":1,\"a_b\":" + random.nextInt(9) + ",\"deep\":{\"x\":[1,[2]]}}";
      case 3 -> "[{\"n\":" + random.nextInt(9) + ",\"tags\":[\"a\",\"b\"]},{\"m\":null}]";
      case 4 -> String.valueOf(random.nextDouble());
      default -> random.nextInt(3) == 0 ? "[]" : "null";
    };
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void severalThreadsMakeTheSameTablesAsOne(Way way) throws Exception {
    String text = evolving(2_000);
    Outcome expected = read(way, text, ONE);
    assertThat(expected.rows()).isEqualTo(2_000);
    for (int segment : new int[] {1, 1_000, 20_000}) {
      assertSame(read(way, text, FOUR.formatted(segment)), expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 300, 100_000})
  void documentsThatGoOverLinesAreNotTornApart(int segment) throws Exception {
    String records =
        evolving(300)
            .lines()
            .map(line -> line.replace(",", ",\n"))
            .collect(Collectors.joining("\n"));
    for (String text : List.of(records, "[" + evolving(300).strip().replace("\n", ",\n") + "]")) {
      for (Way way : List.of(Way.FILE, Way.PIECES)) {
        Outcome expected = read(way, text, ONE);
        assertThat(expected.rows()).isEqualTo(300);
        assertSame(read(way, text, FOUR.formatted(segment)), expected);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":1,,}",
        "{\"id\":1",
        "\uFEFF{\"id\":1}",
        "{\"id\":1}{\"id\":",
        "{\"key0\":{\"a\":\"\u0001\"}}"
      })
  void errorsHaveTheSamePlaceAsWithOneThread(String broken) throws Exception {
    List<String> lines = new ArrayList<>(evolving(500).lines().toList());
    lines.add(333, broken);
    String text = String.join("\n", lines);
    for (Way way : Way.values()) {
      Outcome expected = read(way, text, ONE);
      // A mark may stand before each text, but not within one.
      boolean isMarked = way == Way.TEXTS && broken.startsWith("\uFEFF");
      assertThat(expected.error())
          .contains(isMarked ? "" : way == Way.TEXTS ? "text 333" : "line 33");
      for (int segment : new int[] {1, 2_000}) {
        assertThat(read(way, text, FOUR.formatted(segment)).error()).isEqualTo(expected.error());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\n", "\uFEFF{\"id\":1}\n", "{\"id\":1}", "{\"id\":1}\n\n\n{\"id\":2}\r\n"})
  void shortTextsAreReadAsByOneThread(String text) throws Exception {
    for (Way way : List.of(Way.FILE, Way.PIECES)) {
      assertSame(read(way, text, FOUR.formatted(1)), read(way, text, ONE));
    }
  }

  @Test
  void limitsAreThoseOfOneThread() throws Exception {
    String text = evolving(2_000);
    for (String limit : List.of(",'max_columns':20", ",'max_tables':6", ",'max_string_bytes':6")) {
      Outcome expected = read(Way.FILE, text, limit + ONE);
      assertThat(expected.failure()).isNotNull();
      Outcome actual = read(Way.FILE, text, limit + FOUR.formatted(500));
      assertThat(actual.error()).isEqualTo(expected.error());
    }
  }

  @Test
  void pagesOfRequestsKeepTheirOrder() throws Exception {
    try (Replica replica = Replica.start(ReplicaOptions.DEFAULT.withGamesPerMonth(20))) {
      String options =
          "{'requests':"
              + IntStream.rangeClosed(1, 12)
                  .mapToObj(
                      month ->
                          "{'url':'%splayer/hikaru/games/2022/%02d'}"
                              .formatted(replica.baseUrl(), month))
                  .collect(Collectors.joining(",", "[", "]"))
              + ",'record_path':['games'],"
              + OPTIONS;
      Outcome expected;
      try (RecordSource source = open(options + ONE)) {
        expected = drain(source);
      }
      assertThat(expected.rows()).isEqualTo(240);
      for (int segment : new int[] {1, 50_000}) {
        try (RecordSource source = open(options + FOUR.formatted(segment))) {
          assertSame(drain(source), expected);
          assertThat(source.statistics()).contains("\"documents_completed\":12");
          assertThat(source.liveBytes()).isZero();
        }
      }
    }
  }

  @Test
  void rowsBeforeAPageThatFailsAreDelivered() throws Exception {
    try (Replica replica = Replica.start(ReplicaOptions.DEFAULT.withGamesPerMonth(20))) {
      String options =
          "{'requests':[{'url':'%1$splayer/hikaru/games/2022/01'},{'url':'%1$splayer/hikaru/games/2022/02'},{'url':'%1$splayer/nobody'}],'record_path':['games'],"
              .formatted(replica.baseUrl());
      for (String threads : List.of(",'batch_rows':20" + ONE, FOUR.formatted(1))) {
        try (RecordSource source = open(options + OPTIONS + threads)) {
          Outcome outcome = drain(source);
          assertThat(outcome.error()).contains("player/nobody");
          assertThat(outcome.rows()).as(threads).isEqualTo(40);
        }
      }
    }
  }

  @Test
  void aSourceThatIsClosedEarlyFreesAll() throws IOException, InterruptedException {
    Path file = folder.resolve("text.json");
    Files.writeString(file, evolving(5_000));
    RecordSource source = open("{'file':'" + file + "'," + OPTIONS + FOUR.formatted(1_000));
    try (source) {
      if (source.take(LONG_WAIT) instanceof Delivery.Batch first) {
        first.batch().close();
      }
    }
    assertThat(source.liveBytes()).isZero();
  }

  @Test
  void aSmallMemoryLimitHoldsAsWithOneThread() throws Exception {
    String text = evolving(3_000);
    String limit = ",'memory_limit_bytes':2000000,'batch_rows':100";
    Outcome expected = read(Way.FILE, text, limit + ONE);
    assertThat(expected.error()).isEmpty();
    assertSame(read(Way.FILE, text, limit + FOUR.formatted(10_000)), expected);
  }
}
