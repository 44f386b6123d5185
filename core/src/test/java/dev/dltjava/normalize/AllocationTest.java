package dev.dltjava.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.dltjava.arrow.BatchMemory;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.RecordPath;
import dev.dltjava.json.RecordReader;
import dev.dltjava.limits.Limits;
import dev.dltjava.limits.MemoryBudget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Rows cost no objects: once a batch of that size has been made, what a further one allocates on
/// the Java heap does not grow with its rows. The JVM counts; records are like those of the
/// benchmarks.
class AllocationTest {
  private static final int ROWS = 20_000;

  /// Names, types and shapes are learnt, and buffers grow.
  private static final int WARM_UPS = 3;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private enum Records {
    GAMES(AllocationTest::game),
    EVENTS(AllocationTest::event),
    NUMBERS(AllocationTest::measurement),
    ORDERS(AllocationTest::order);

    private final BiFunction<Random, Integer, String> record;

    Records(BiFunction<Random, Integer, String> record) {
      this.record = record;
    }

    private byte[] lines(int rows) {
      Random random = new Random(1);
      StringBuilder lines = new StringBuilder();
      for (int row = 0; row < rows; row++) {
        lines.append(record.apply(random, row)).append('\n');
      }
      return lines.toString().getBytes(StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @EnumSource(Records.class)
  void aRowAllocatesNothingOnTheHeap(Records records) throws IOException {
    assertThat(allocatedByRow(records, Tables.PLAIN)).isLessThan(1);
  }

  @ParameterizedTest
  @EnumSource(Records.class)
  void theIdOfARowAllocatesNothingEither(Records records) throws IOException {
    NormalizerOptions withIds = Tables.withLoadId(Tables.PLAIN, "1");

    assertThat(allocatedByRow(records, withIds)).isLessThan(1);
  }

  /// How much more a batch of twice as many rows allocates, for each of the rows that it has more.
  private static double allocatedByRow(Records records, NormalizerOptions options)
      throws IOException {
    byte[] once = records.lines(ROWS);
    byte[] twice = records.lines(2 * ROWS);
    MemoryBudget budget = new MemoryBudget(Limits.DEFAULT.memoryBytes());
    long more;
    try (Normalizer normalizer = new Normalizer(options, expected -> new BatchMemory(budget))) {
      JsonCursor cursor = new JsonCursor(Limits.DEFAULT);
      for (int i = 0; i < WARM_UPS; i++) {
        allocated(cursor, normalizer, twice, 2 * ROWS);
      }
      long of = allocated(cursor, normalizer, once, ROWS);
      more = allocated(cursor, normalizer, twice, 2 * ROWS) - of;
    }
    assertThat(budget.liveBytes()).isZero();
    return more / (double) ROWS;
  }

  /// Bytes that this thread allocates for a batch of all rows.
  private static long allocated(JsonCursor cursor, Normalizer normalizer, byte[] lines, int rows)
      throws IOException {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try (RecordReader reader =
        new RecordReader(cursor, new ByteArrayInputStream(lines), RecordPath.ROOT, true)) {
      while (reader.next()) {
        normalizer.add(reader.cursor());
      }
    }
    assertThat(normalizer.rows()).isEqualTo(rows);
    normalizer.finish().forEach(TableBatch::close);
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  private static String game(Random random, int row) {
    StringBuilder moves = new StringBuilder();
    for (int move = 1; move < 20 + random.nextInt(40); move++) {
      moves.append(move).append(". e").append(1 + random.nextInt(8)).append(" {[%clk 0:03:00]} ");
    }
    return text(
        "{'url':'https://www.chess.com/game/live/%d','pgn':'[Event \\\"Live\\\"]\\n%s',"
            + "'time_control':'%d','end_time':%d,'rated':%b,"
            + "'accuracies':{'white':%f,'black':%f},"
            + "'white':{'rating':%d,'username':'player%d'},'eco':'Réti Opening'}",
        row,
        moves,
        random.nextInt(600),
        1_640_995_200 + row,
        random.nextBoolean(),
        random.nextDouble(),
        random.nextDouble(),
        random.nextInt(3200),
        random.nextInt(5000));
  }

  private static String event(Random random, int row) {
    return text(
        "{'id':'%d','type':'PushEvent','actor':{'id':%d,'login':'user%d','gravatar_id':''},"
            + "'repo':{'id':%d,'name':'org/repository-%d'},'payload':{'size':%d,'head':'%x'},"
            + "'public':true,'created_at':'2024-05-%02dT%02d:15:07Z'}",
        30_000_000_000L + row,
        random.nextInt(100_000_000),
        row,
        random.nextInt(100_000_000),
        row,
        random.nextInt(20),
        random.nextLong(),
        1 + random.nextInt(28),
        random.nextInt(24));
  }

  private static String measurement(Random random, int row) {
    return text(
        "{'sensor':%d,'at':%d,'latitude':%s,'longitude':%s,'temperature':%.2f,'valid':%b}",
        row % 400,
        1_700_000_000 + row,
        180 * random.nextDouble() - 90,
        360 * random.nextDouble() - 180,
        15 + 8 * random.nextGaussian(),
        random.nextBoolean());
  }

  private static String order(Random random, int row) {
    StringBuilder lines = new StringBuilder();
    for (int line = 0; line <= random.nextInt(6); line++) {
      lines.append(line == 0 ? "" : ",");
      lines.append(
          text(
              "{'sku':'sku-%d','quantity':%d,'price':%.2f,"
                  + "'discounts':[{'code':'A','percent':%d}],'tags':['new','sale']}",
              random.nextInt(100_000),
              1 + random.nextInt(9),
              500 * random.nextDouble(),
              random.nextInt(30)));
    }
    return text("{'id':%d,'customer':{'id':%d},'lines':[%s]}", row, random.nextInt(), lines);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format.replace('\'', '"'), values);
  }
}
