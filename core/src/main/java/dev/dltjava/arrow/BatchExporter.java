package dev.dltjava.arrow;

import dev.dltjava.arrow.abi.ArrowArray;
import dev.dltjava.arrow.abi.ArrowSchema;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.FieldVector;

/// Moves a batch to an Arrow consumer in the same process, through the Arrow C data interface. No
/// value is copied, and nothing of Java is needed to release it.
public final class BatchExporter {
  private static final int BLOCKS = 2; // the schema's and the array's

  private BatchExporter() {}

  /// Fills the two structs: a struct array with a child a column. The memory then belongs to them
  /// (moved out): all that was allocated from it, columns or not, is freed when both are released.
  /// The vectors must not be used any more.
  ///
  /// A failure leaves the structs untouched and the memory with its owner.
  ///
  /// @param memory what all columns were allocated from
  /// @param columns each with `rows` values; none of another allocator
  /// @param rows number of rows, which matters when there are no columns
  /// @param schemaAddress of a `struct ArrowSchema`, overwritten
  /// @param arrayAddress of a `struct ArrowArray`, overwritten
  /// @throws dev.dltjava.error.DltJavaException `MEMORY`, if the structs do not fit into the memory
  ///   budget; `INTERNAL`, if a column cannot be exported
  public static void export(
      BatchMemory memory,
      List<FieldVector> columns,
      int rows,
      long schemaAddress,
      long arrayAddress,
      ReleaseFunctions functions) {
    for (FieldVector column : columns) {
      requireExportable(column, memory, rows);
    }
    long[] chunks = memory.addresses();
    long chunkBytes = memory.liveBytes();
    MemorySegment schema = SchemaExport.fill(memory, columns, functions);
    MemorySegment array = ArrayExport.fill(memory, columns, rows, chunks, chunkBytes, functions);
    // Nothing below can fail.
    functions.count(BLOCKS, memory.liveBytes());
    memory.detach();
    MemoryUtil.copyMemory(schema.address(), schemaAddress, ArrowSchema.layout().byteSize());
    MemoryUtil.copyMemory(array.address(), arrayAddress, ArrowArray.layout().byteSize());
  }

  @SuppressWarnings("ReferenceEquality") // an allocator is its identity
  private static void requireExportable(FieldVector column, BatchMemory memory, int rows) {
    if (column.getAllocator() != memory.allocator()) {
      throw ColumnFormat.refused(column, "is not of the memory that is exported");
    }
    if (column.getValueCount() != rows) {
      throw ColumnFormat.refused(
          column, "has " + column.getValueCount() + " values in a batch of " + rows + " rows");
    }
    if (!column.getField().isNullable() && column.getNullCount() > 0) {
      throw ColumnFormat.refused(
          column, "has " + column.getNullCount() + " nulls but is not nullable");
    }
    if (column.getField().getDictionary() != null) {
      throw ColumnFormat.refused(column, "is dictionary-encoded, which has no export");
    }
  }
}
