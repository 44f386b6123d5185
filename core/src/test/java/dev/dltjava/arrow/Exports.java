package dev.dltjava.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.arrow.abi.ArrowArray;
import dev.dltjava.arrow.abi.ArrowSchema;
import dev.dltjava.limits.MemoryBudget;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// What a test needs to export and import one batch. After each test it checks that everything was
/// freed: in the budget, in the C counters, and in the importing allocator.
final class Exports implements BeforeEachCallback, AfterEachCallback {
  static final long LIMIT_BYTES = 1 << 24;

  final MemoryBudget budget = new MemoryBudget(LIMIT_BYTES);
  final BatchMemory memory = new BatchMemory(budget);
  final BufferAllocator consumer = new RootAllocator();
  final MemorySegment schema = Arena.ofAuto().allocate(ArrowSchema.layout());
  final MemorySegment array = Arena.ofAuto().allocate(ArrowArray.layout());

  @Override
  public void beforeEach(ExtensionContext context) {
    assertThat(NativeRelease.exportedBlocks()).isZero();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    memory.close();
    consumer.close(); // throws if imported memory was not released
    assertThat(budget.liveBytes()).as("bytes in the budget").isZero();
    assertThat(NativeRelease.exportedBlocks()).as("exported blocks").isZero();
    assertThat(NativeRelease.exportedBytes()).as("exported bytes").isZero();
  }

  void export(int rows, FieldVector... columns) {
    BatchExporter.export(
        memory, List.of(columns), rows, schema.address(), array.address(), NativeRelease.FUNCTIONS);
  }

  /// Imports through Arrow's own implementation, which moves the structs out.
  VectorSchemaRoot importRoot() {
    return Data.importVectorSchemaRoot(
        consumer,
        org.apache.arrow.c.ArrowArray.wrap(array.address()),
        org.apache.arrow.c.ArrowSchema.wrap(schema.address()),
        null);
  }

  void release() {
    ArrowSchema.release.invoke(ArrowSchema.release(schema), schema);
    ArrowArray.release.invoke(ArrowArray.release(array), array);
  }
}
