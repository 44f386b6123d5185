package dev.dltjava.normalize;

import dev.dltjava.arrow.BatchMemory;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.fuzz.Bytes;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.RecordPath;
import dev.dltjava.json.RecordReader;
import dev.dltjava.limits.Limits;
import dev.dltjava.limits.MemoryBudget;
import dev.dltjava.naming.Naming;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.vector.FieldVector;

/// Whatever the records are, they become tables of equally long columns or are refused, and no
/// memory is left. The first byte chooses how they are normalized.
public final class NormalizerFuzzTarget {
  private static final Limits LIMITS = new Limits(1 << 20, 40, 10_000, 200, 50, 1 << 26);

  private static final List<Naming> NAMINGS = List.of(Naming.BuiltIn.values());

  private NormalizerFuzzTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    int choice = input[0] & 0xFF;
    NormalizerOptions options =
        new NormalizerOptions(
            "t",
            Map.of(),
            choice % 2 == 0 ? Optional.of("1") : Optional.empty(),
            choice / 2 % 4,
            choice / 8 % 2 == 0 ? 0 : 20,
            choice / 16 % 2 == 0 ? ColumnOrder.DOCUMENT : ColumnOrder.SCALARS_FIRST,
            RowIdentity.RANDOM,
            NAMINGS.get(choice % NAMINGS.size()),
            LIMITS);
    MemoryBudget budget = new MemoryBudget(LIMITS.memoryBytes());
    try (Normalizer normalizer = new Normalizer(options, expected -> new BatchMemory(budget))) {
      if (reads(input, normalizer)) {
        for (TableBatch batch : normalizer.finish()) {
          try (batch) {
            for (FieldVector column : batch.columns()) {
              Bytes.require(column.getValueCount() == batch.rows(), column.getName());
            }
          }
        }
      }
    }
    Bytes.require(budget.liveBytes() == 0, "memory is left: " + budget.liveBytes());
  }

  /// Whether all records were taken: rows behind a fault are not delivered.
  private static boolean reads(byte[] input, Normalizer normalizer) {
    InputStream text = new ByteArrayInputStream(input, 1, input.length - 1);
    try (RecordReader reader =
        new RecordReader(new JsonCursor(LIMITS), text, RecordPath.ROOT, true)) {
      while (reader.next()) {
        normalizer.add(reader.cursor());
      }
      return true;
    } catch (DltJavaException refused) {
      Bytes.require(isOfTheData(refused.code()), refused.toString());
      return false;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static boolean isOfTheData(ErrorCode code) {
    return switch (code) {
      case JSON, ENCODING, LIMIT, RECORD, VALUE, MEMORY -> true;
      default -> false;
    };
  }
}
