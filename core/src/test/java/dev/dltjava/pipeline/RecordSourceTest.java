package dev.dltjava.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.http.EventLoops;
import dev.dltjava.normalize.TableBatch;
import dev.dltjava.replica.Replica;
import dev.dltjava.replica.ReplicaOptions;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole sources against the replica.
final class RecordSourceTest {
  private static final long LONG_WAIT = 30_000;

  private Replica replica;
  private EventLoops loops;

  @BeforeEach
  void start() {
    replica = Replica.start(ReplicaOptions.DEFAULT.withGamesPerMonth(20));
    loops = EventLoops.start(1);
  }

  @AfterEach
  void stop() {
    replica.close();
    loops.close();
  }

  private RecordSource open(String options) {
    return RecordSource.open(SourcePlan.parse(options.replace('\'', '"'), "test/1"), loops);
  }

  private String games(int months) {
    return IntStream.rangeClosed(1, months)
        .mapToObj(
            month ->
                "{'url':'%splayer/hikaru/games/2022/%02d'}".formatted(replica.baseUrl(), month))
        .collect(Collectors.joining(",", "[", "]"));
  }

  /// A row a string: table, rows, completed requests.
  private static List<String> drain(RecordSource source) throws InterruptedException {
    List<String> taken = new ArrayList<>();
    while (true) {
      switch (source.take(LONG_WAIT)) {
        case Delivery.Batch delivered -> {
          try (TableBatch batch = delivered.batch()) {
            taken.add(batch.table() + " " + batch.rows() + " " + delivered.requestsCompleted());
          }
        }
        case Delivery.End _ -> {
          return taken;
        }
        case Delivery.Question question -> throw new AssertionError(question.text());
        case Delivery.Pending _ -> throw new AssertionError("nothing came");
        case Delivery.Failed failed -> throw failed.failure();
      }
    }
  }

  private static DltJavaException failure(RecordSource source) throws InterruptedException {
    try {
      List<String> taken = drain(source);
      throw new AssertionError("no failure, but " + taken);
    } catch (DltJavaException failure) {
      return failure;
    }
  }

  @Test
  void deliversTheRowsOfAllRequestsInBatches() throws InterruptedException {
    try (RecordSource source =
        open(
            "{'requests':"
                + games(12)
                + ",'record_path':['games'],'table':'games',"
                + "'batch_rows':100,'load_id':'1','decoder_threads':1}")) {
      assertThat(drain(source)).containsExactly("games 100 4", "games 100 9", "games 40 12");
      assertThat(source.take(0)).isInstanceOf(Delivery.End.class);
      assertThat(source.statistics()).contains("\"requests\":12", "\"rows\":{\"games\":240}");
      assertThat(source.liveBytes()).isZero();
    }
  }

  @Test
  void deliversParentTablesBeforeTheirChildTables() throws InterruptedException {
    try (RecordSource source =
        open(
            "{'requests':[{'url':'"
                + replica.baseUrl()
                + "player/hikaru'}],'table':'profiles',"
                + "'load_id':'1'}")) {
      assertThat(drain(source))
          .containsExactly("profiles 1 0", "profiles__streaming_platforms 2 1");
    }
  }

  @Test
  void toleratesTheStatusesItIsTold() throws InterruptedException {
    String requests = "[{'url':'" + replica.baseUrl() + "player/nobody'}]";
    try (RecordSource source =
        open("{'requests':" + requests + ",'table':'t','ignored_statuses':[404]}")) {
      assertThat(drain(source)).isEmpty();
    }
    try (RecordSource source = open("{'requests':" + requests + ",'table':'t'}")) {
      DltJavaException failure = failure(source);
      assertThat(failure.code()).isEqualTo(ErrorCode.STATUS);
      assertThat(failure.location().httpStatus()).isEqualTo(404);
      assertThat(failure.location().url()).endsWith("player/nobody");
    }
  }

  @Test
  void namesRequestAndPlaceOfBrokenDocuments() throws InterruptedException {
    replica.serve("/broken", "{\"games\":[{\"a\":1},{\"a\":x}]}");
    try (RecordSource source =
        open(
            "{'requests':[{'url':'"
                + replica.origin()
                + "/broken'}],'record_path':['games'],"
                + "'table':'t'}")) {
      DltJavaException failure = failure(source);
      assertThat(failure.code()).isEqualTo(ErrorCode.JSON);
      assertThat(failure.location().url()).endsWith("/broken");
      assertThat(failure.location().row()).isEqualTo(1);
      assertThat(failure.location().byteOffset()).isPositive();
      assertThat(source.take(0)).isInstanceOf(Delivery.Failed.class);
      assertThat(source.liveBytes()).isZero();
    }
  }

  @Test
  void triesAgainAfterAFault() throws InterruptedException {
    replica.faults("/pub/player/*/games/2022/02 1 reset after=1000");
    try (RecordSource source =
        open(
            "{'requests':"
                + games(3)
                + ",'record_path':['games'],'table':'t','backoff_factor':0}")) {
      assertThat(drain(source)).containsExactly("t 60 3");
      assertThat(source.statistics()).contains("\"retries\":1");
    }
  }

  @Test
  void endsAWaitingCallerWhenCancelled() throws InterruptedException {
    replica.faults("* always stall");
    try (RecordSource source = open("{'requests':" + games(3) + ",'table':'t'}")) {
      assertThat(source.take(1)).isInstanceOf(Delivery.Pending.class);
      source.cancel();
      assertThat(failure(source).code()).isEqualTo(ErrorCode.CLOSED);
    }
  }

  @Test
  void freesWhatNobodyTook() throws InterruptedException {
    RecordSource source =
        open("{'requests':" + games(12) + ",'record_path':['games'],'table':'t','batch_rows':1}");
    assertThat(source.take(LONG_WAIT))
        .isInstanceOfSatisfying(Delivery.Batch.class, b -> b.batch().close());
    source.close();
    assertThat(source.liveBytes()).isZero();
  }

  private static MemorySegment text(Arena arena, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return arena.allocateFrom(ValueLayout.JAVA_BYTE, utf8);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void decodesTextsThatArePushed(boolean lent) throws InterruptedException {
    try (Arena arena = Arena.ofShared();
        RecordSource source = open("{'pushed':true,'lent':" + lent + ",'table':'t'}")) {
      assertThat(source.take(0)).isInstanceOf(Delivery.Pending.class);
      List<MemorySegment> texts =
          List.of(text(arena, "{\"a\":1}\n{\"a\":2}"), text(arena, ""), text(arena, "[3,4]5"));
      assertThat(source.push(texts, 0)).isTrue();
      source.finish();
      source.finish();
      assertThat(drain(source)).containsExactly("t 5 3");
      assertThatThrownBy(() -> source.push(texts, 0))
          .isInstanceOf(DltJavaException.class)
          .hasMessageContaining("no further text");
      assertThat(source.liveBytes()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"'decoder_threads':1", "'decoder_threads':2,'segment_bytes':1"})
  void holdsAPusherBackUntilBatchesAreTaken(String threads) throws InterruptedException {
    try (Arena arena = Arena.ofConfined();
        RecordSource source = open("{'pushed':true,'table':'t','batch_rows':1," + threads + "}")) {
      List<MemorySegment> texts = List.of(text(arena, "[1,2,3]"));
      int pushed = 0;
      while (source.push(texts, 100)) {
        pushed++;
      }
      assertThat(pushed).isBetween(4, 15);
      source.finish();
      assertThat(drain(source)).hasSize(3 * pushed);
    }
  }

  @Test
  void freesTextsThatWereNotDecoded() throws InterruptedException {
    RecordSource source = open("{'pushed':true,'table':'t','batch_rows':1}");
    try (Arena arena = Arena.ofConfined()) {
      while (source.push(List.of(text(arena, "[1,2,3]")), 10)) {
        continue;
      }
    }
    source.close();
    assertThat(source.liveBytes()).isZero();
  }

  @Test
  void namesTheTextAndTheLineThatIsBroken() throws InterruptedException {
    try (Arena arena = Arena.ofConfined();
        RecordSource source = open("{'pushed':true,'table':'t'}")) {
      assertThat(source.push(List.of(text(arena, "[1]"), text(arena, "1\n\nx")), 0)).isTrue();
      DltJavaException failure = failure(source);
      assertThat(failure.code()).isEqualTo(ErrorCode.JSON);
      assertThat(failure.location().url()).isEqualTo("text 1");
      assertThat(failure).hasMessageContaining("line 3");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void decodesTheTextWhosePiecesArePushed(boolean lent) throws InterruptedException {
    byte[] text = "[{\"a\":\"é\"},{\"a\":12.5}]\n[3]".getBytes(StandardCharsets.UTF_8);
    for (int split = 0; split <= text.length; split++) {
      try (Arena arena = Arena.ofShared();
          RecordSource source = open("{'pieces':true,'lent':" + lent + ",'table':'t'}")) {
        MemorySegment whole = arena.allocateFrom(ValueLayout.JAVA_BYTE, text);
        List<MemorySegment> pieces = List.of(whole.asSlice(0, split), whole.asSlice(split));
        assertThat(source.push(pieces.subList(0, 1), 0)).isTrue();
        assertThat(source.push(pieces.subList(1, 2), 0)).isTrue();
        source.finish();
        assertThat(drain(source)).containsExactly("t 3 1");
        assertThat(source.liveBytes()).isZero();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void lentTextsTakeNoMemory(boolean lent) throws InterruptedException {
    try (Arena arena = Arena.ofShared();
        RecordSource source = open("{'pieces':true,'lent':" + lent + ",'table':'t'}")) {
      // Without an end of a line the decoder waits for more, and has it all in its hands.
      assertThat(source.push(List.of(text(arena, "[1,2"), text(arena, ",3")), 0)).isTrue();
      assertThat(source.liveBytes()).isEqualTo(lent ? 0 : 6);
    }
  }

  @Test
  void namesTheLineOfATextInPieces() throws InterruptedException {
    try (Arena arena = Arena.ofConfined();
        RecordSource source = open("{'pieces':true,'table':'t'}")) {
      assertThat(source.push(List.of(text(arena, "1\n"), text(arena, "\nx")), 0)).isTrue();
      source.finish();
      DltJavaException failure = failure(source);
      assertThat(failure.location().url()).isEqualTo("text 0");
      assertThat(failure).hasMessageContaining("line 3");
    }
  }

  @Test
  void closesWhileItWaitsForAPiece() throws InterruptedException {
    RecordSource source = open("{'pieces':true,'table':'t'}");
    try (Arena arena = Arena.ofConfined()) {
      assertThat(source.push(List.of(text(arena, "[1,2")), 0)).isTrue();
    }
    source.close();
    assertThat(source.liveBytes()).isZero();
  }

  @Test
  void takesNoTextsWhenItHasRequests() {
    try (RecordSource source = open("{'requests':[],'table':'t'}")) {
      assertThatThrownBy(source::finish)
          .isInstanceOf(DltJavaException.class)
          .hasMessageContaining("pushed");
    }
  }

  @Test
  void readsAFile(@TempDir Path folder) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("x.jsonl"), "{\"a\":1}\n{\"a\":2}\n");
    try (RecordSource source = open("{'file':'" + file + "','table':'t'}")) {
      assertThat(drain(source)).containsExactly("t 2 1");
    }
    try (RecordSource source = open("{'file':'" + file + "x','table':'t'}")) {
      DltJavaException failure = failure(source);
      assertThat(failure.code()).isEqualTo(ErrorCode.OPTIONS);
      assertThat(failure.location().url()).endsWith("x.jsonlx");
    }
  }

  @Test
  void readsAListOfAMillionRecordsWithinLittleMemory(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path file = folder.resolve("list.json");
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      writer.write("[{\"a\":0}");
      for (int i = 1; i < 1_000_000; i++) {
        writer.write(",{\"a\":" + i + "}");
      }
      writer.write("]");
    }
    try (RecordSource source =
        open("{'file':'" + file + "','table':'t','load_id':'1','memory_limit_bytes':16777216}")) {
      List<String> batches = drain(source);
      assertThat(batches).hasSize(100).allMatch(batch -> batch.startsWith("t 10000 "));
    }
  }

  @Test
  void refusesABodyBeyondItsMemoryLimit() throws InterruptedException {
    try (RecordSource source =
        open(
            "{'requests':"
                + games(12)
                + ",'record_path':['games'],'table':'t','memory_limit_bytes':20000}")) {
      DltJavaException failure = failure(source);
      assertThat(failure.code()).isEqualTo(ErrorCode.MEMORY);
      assertThat(failure).hasMessageContaining("memory_limit_bytes");
      assertThat(failure.location().url()).contains("/games/2022/");
    }
  }

  @Test
  void fetchesLessAheadWhenMemoryIsShort() throws InterruptedException {
    replica.faults("* always delay millis=20");
    try (RecordSource source =
        open(
            "{'requests':"
                + games(12)
                + ",'record_path':['games'],'table':'t','batch_rows':20,"
                + "'memory_limit_bytes':2000000}")) {
      assertThat(drain(source)).hasSize(12);
      assertThat(source.liveBytes()).isZero();
    }
    assertThat(replica.mostOpenRequests()).isLessThan(12);
  }
}
