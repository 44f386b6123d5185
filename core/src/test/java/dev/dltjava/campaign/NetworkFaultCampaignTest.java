package dev.dltjava.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.http.Certificates;
import dev.dltjava.http.EventLoops;
import dev.dltjava.http.ScriptedServer;
import dev.dltjava.normalize.TableBatch;
import dev.dltjava.pipeline.Delivery;
import dev.dltjava.pipeline.RecordSource;
import dev.dltjava.pipeline.SourcePlan;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.arrow.vector.FieldVector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Sources that read a random API through a network with one fault: either all rows come, each
/// once, or one error tells what happened and another source gets them; nothing is left behind.
///
/// `-Dfaults.runs=N` does N runs with each fault, `-Dfaults.seed=S` begins with that seed.
@Execution(ExecutionMode.CONCURRENT)
final class NetworkFaultCampaignTest {
  private static final int RUNS = Integer.getInteger("faults.runs", 5);
  private static final long FIRST_SEED = Long.getLong("faults.seed", 0);
  private static final int ATTEMPTS = 4;

  /// So long that a source that takes it hangs.
  private static final long LONG_MILLISECONDS = 20_000;

  @TempDir static Path directory = Path.of("");

  /// Without caches of the threads, which would count as allocated.
  private static final PooledByteBufAllocator ALLOCATOR =
      new PooledByteBufAllocator(true, 1, 1, 8192, 9, 0, 0, false);

  private static final EventLoops LOOPS = EventLoops.start(2, ALLOCATOR);
  private static final List<ScriptedServer> SERVERS = new ArrayList<>();

  private static Turn.Places places = new Turn.Places("", "", "", "", "", "");

  @BeforeAll
  static void openOtherPlaces() throws Exception {
    String[] here = {"-ext", "san=ip:127.0.0.1"};
    certificates().make("trusted", here[1], "-validity", "2");
    certificates().make("expired", here[1], "-startdate", "-9d", "-validity", "2");
    certificates().make("elsewhere", "san=dns:other.test", "-validity", "2");
    certificates().make("stranger", here[1], "-validity", "2");
    StringBuilder bundle = new StringBuilder();
    for (String name : List.of("trusted", "expired", "elsewhere")) {
      bundle.append(Files.readString(certificates().pem(name)));
    }
    Files.writeString(bundle(), bundle);
    try (ServerSocket unused = listen()) {
      places =
          new Turn.Places(
              "",
              "",
              "http://127.0.0.1:" + unused.getLocalPort(),
              refused("expired"),
              refused("elsewhere"),
              refused("stranger"));
    }
  }

  private static String refused(String certificate) throws IOException, GeneralSecurityException {
    ScriptedServer server =
        ScriptedServer.start(
            certificates().listen(certificate), ScriptedServer.always("HTTP/1.1 200 OK\r\n\r\n"));
    SERVERS.add(server);
    return "https://127.0.0.1:" + server.port();
  }

  private static Certificates certificates() {
    return new Certificates(directory);
  }

  private static Path bundle() {
    return directory.resolve("bundle.pem");
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterAll
  static void leavesNothing() {
    SERVERS.forEach(ScriptedServer::close);
    LOOPS.close();
    long live =
        Stream.concat(
                ALLOCATOR.metric().directArenas().stream(),
                ALLOCATOR.metric().heapArenas().stream())
            .mapToLong(PoolArenaMetric::numActiveAllocations)
            .sum();
    assertThat(live).as("buffers not released").isZero();
  }

  @ParameterizedTest
  @EnumSource
  void losesNothingAndDoublesNothing(NetworkFault fault) throws Exception {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
      Random random = new Random(seed ^ ((long) fault.name().hashCode() << 32));
      PagedApi api = PagedApi.of(random);
      int chain = random.nextInt(api.chains());
      FaultyServer.Plan plan =
          new FaultyServer.Plan(
              fault,
              chain,
              random.nextInt(api.pages(chain)),
              new int[] {1, 2, Integer.MAX_VALUE}[random.nextInt(3)],
              random.nextLong());
      try {
        check(api, plan, options(random, fault), random.nextInt(6) == 0);
      } catch (AssertionError | RuntimeException failed) {
        throw new AssertionError(
            "with -Dfaults.seed=" + seed + " -Dfaults.runs=1: " + plan + " of " + api.style(),
            failed);
      }
    }
  }

  private static void check(PagedApi api, FaultyServer.Plan plan, String options, boolean secure)
      throws IOException, GeneralSecurityException, InterruptedException {
    ServerSocket listener = secure ? certificates().listen("trusted") : listen();
    try (FaultyServer other = new FaultyServer(api, plan.healed(), listen(), "http", places);
        FaultyServer server =
            new FaultyServer(
                api,
                plan,
                listener,
                secure ? "https" : "http",
                new Turn.Places(
                    "",
                    other.origin(),
                    places.closed(),
                    places.expired(),
                    places.wrongHost(),
                    places.stranger()))) {
      String all = "{" + api.options(server.origin()) + options + "}";
      Optional<DltJavaException> failure = outcome(api, all);
      boolean passes =
          switch (plan.fault().fate) {
            case HARMLESS -> true;
            case TRIED_AGAIN -> plan.times() < ATTEMPTS;
            case REFUSED_IF_IT_STAYS -> plan.times() < Integer.MAX_VALUE;
            case REFUSED -> false;
            case EITHER -> failure.isEmpty();
          };
      assertThat(failure.isEmpty()).as("%s", failure).isEqualTo(passes);
      if (failure.isPresent()) {
        checkExplanation(failure.get(), plan);
        server.heal();
        assertThat(outcome(api, all)).as("another run").isEmpty();
      }
      assertThat(String.join("", other.requests()))
          .as("requests to another server")
          .doesNotContain("s3cret");
    }
  }

  private static String options(Random random, NetworkFault fault) {
    return (",'table':'posts','load_id':'1','record_path':['items'],'ca_file':'%s'"
            + ",'auth_headers':{'authorization':'Bearer s3cret'},'auth_query':{'api_key':'s3cret'}"
            + ",'max_attempts':%d,'backoff_factor':0,'max_retry_delay_seconds':0.002"
            + ",'timeout_seconds':%s,'max_response_seconds':%s,'max_body_bytes':%d"
            + ",'concurrency':%d,'pages_ahead':%d,'batch_rows':%d"
            + ",'decoder_threads':%d,'segment_bytes':%d,'missing_records':'%s'")
        .formatted(
            bundle(),
            ATTEMPTS,
            fault.takesTime() ? "0.25" : "30",
            fault == NetworkFault.DRIP_WITHOUT_END ? "0.1" : "60",
            NetworkFault.PAGE_LIMIT_BYTES,
            1 + random.nextInt(8),
            random.nextInt(4),
            1 + random.nextInt(40),
            1 + random.nextInt(2),
            1 + random.nextInt(4_000),
            random.nextBoolean() ? "error" : "empty");
  }

  /// What a source fails with; nothing if it has delivered all rows of the API, in their order.
  private static Optional<DltJavaException> outcome(PagedApi api, String options)
      throws InterruptedException {
    RecordSource source =
        RecordSource.open(SourcePlan.parse(options.replace('\'', '"'), "test/1"), LOOPS);
    try (source) {
      assertThat(records(source)).isEqualTo(api.records());
      return Optional.empty();
    } catch (DltJavaException failure) {
      return Optional.of(failure);
    } finally {
      source.close();
      assertThat(source.liveBytes()).as("bytes held after the end").isZero();
    }
  }

  private static void checkExplanation(DltJavaException failure, FaultyServer.Plan plan) {
    assertThat(failure.code()).as("%s", failure).isIn(plan.fault().codes);
    assertThat(failure)
        .hasMessageStartingWith("endpoint 'posts', page " + (plan.page() + 1) + ": ")
        // What was expected, or what to do.
        .hasMessageMatching("(?s).*(expected|check|raise|try again|report it|set the) .*")
        .hasMessageNotContaining("s3cret");
    assertThat(failure.location().url()).startsWith("http").doesNotContain("s3cret");
  }

  /// The records that a source's rows were: JSON texts.
  private static List<String> records(RecordSource source) throws InterruptedException {
    List<Map<String, String>> rows = new ArrayList<>();
    Map<String, List<String>> tags = new HashMap<>();
    while (true) {
      switch (source.take(LONG_MILLISECONDS)) {
        case Delivery.Batch delivered -> {
          try (TableBatch batch = delivered.batch()) {
            if (batch.table().equals("posts")) {
              rows.addAll(rows(batch));
            } else {
              for (Map<String, String> tag : rows(batch)) {
                tags.computeIfAbsent(tag.get("_dlt_parent_id"), any -> new ArrayList<>())
                    .add("{\"name\":\"" + tag.get("name") + "\"}");
              }
            }
          }
        }
        case Delivery.End _ -> {
          return rows.stream().map(row -> record(row, tags)).toList();
        }
        case Delivery.Failed failed -> throw failed.failure();
        case Delivery.Question question -> throw new AssertionError(question.text());
        case Delivery.Pending _ -> throw new AssertionError("nothing comes");
      }
    }
  }

  private static String record(Map<String, String> row, Map<String, List<String>> tags) {
    String nested = String.join(",", tags.getOrDefault(row.get("_dlt_id"), List.of()));
    return "{\"id\":\"%s\",\"text\":\"%s\",\"tags\":[%s]}"
        .formatted(row.get("id"), row.get("text"), nested);
  }

  private static List<Map<String, String>> rows(TableBatch batch) {
    List<Map<String, String>> rows = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      Map<String, String> values = new HashMap<>();
      for (FieldVector column : batch.columns()) {
        values.put(column.getName(), String.valueOf(column.getObject(row)));
      }
      rows.add(values);
    }
    return rows;
  }
}
