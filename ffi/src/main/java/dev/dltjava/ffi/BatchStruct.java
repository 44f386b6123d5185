package dev.dltjava.ffi;

import dev.dltjava.arrow.BatchExporter;
import dev.dltjava.arrow.ReleaseFunctions;
import dev.dltjava.ffi.abi.dltj_batch;
import dev.dltjava.normalize.TableBatch;
import dev.dltjava.pipeline.Delivery;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.graalvm.nativeimage.UnmanagedMemory;
import org.graalvm.word.PointerBase;
import org.graalvm.word.WordFactory;

/// Fills the `dltj_batch` of a caller.
final class BatchStruct {
  private BatchStruct() {}

  /// Moves the batch into the struct at `address`; on failure it is closed and the struct
  /// untouched.
  static void fill(long address, Delivery.Batch delivery, ReleaseFunctions functions) {
    TableBatch batch = delivery.batch();
    MemorySegment struct =
        MemorySegment.ofAddress(address).reinterpret(dltj_batch.layout().byteSize());
    // The names come first: once the rows have moved, nothing may fail any more.
    MemorySegment table = MemorySegment.NULL;
    MemorySegment parent = MemorySegment.NULL;
    try (batch) {
      table = text(batch.table());
      parent = batch.parent().map(BatchStruct::text).orElse(MemorySegment.NULL);
      BatchExporter.export(
          batch.memory(),
          batch.columns(),
          batch.rows(),
          address + dltj_batch.schema$offset(),
          address + dltj_batch.array$offset(),
          functions);
    } catch (Throwable failure) {
      free(table);
      free(parent);
      throw failure;
    }
    dltj_batch.table(struct, table);
    dltj_batch.parent_table(struct, parent);
    dltj_batch.requests_completed(struct, delivery.requestsCompleted());
  }

  /// NULL is freed as nothing.
  private static void free(MemorySegment text) {
    UnmanagedMemory.free(WordFactory.pointer(text.address()));
  }

  /// A NUL-terminated copy from malloc, which `dltj_batch_release` frees.
  private static MemorySegment text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    PointerBase copy = UnmanagedMemory.malloc(WordFactory.unsigned(utf8.length + 1L));
    MemorySegment segment = MemorySegment.ofAddress(copy.rawValue()).reinterpret(utf8.length + 1L);
    segment.copyFrom(MemorySegment.ofArray(utf8));
    segment.set(java.lang.foreign.ValueLayout.JAVA_BYTE, utf8.length, (byte) 0);
    return segment;
  }
}
