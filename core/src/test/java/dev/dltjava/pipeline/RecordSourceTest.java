package dev.dltjava.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.http.EventLoops;
import dev.dltjava.normalize.TableBatch;
import dev.dltjava.replica.Replica;
import dev.dltjava.replica.ReplicaOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
                + "'batch_rows':100,'load_id':'1'}")) {
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
