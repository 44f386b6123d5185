package dev.dltjava.arrow;

import dev.dltjava.arrow.abi.ArrowArray;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.FieldVector;

/// Fills the block of an ArrowArray:
///
///     dltj_export_block | chunk addresses | zeros | root's buffer pointer | root | child pointers
///     | each child's buffer pointers and struct
///
/// The chunks are the vectors' memory, which is not copied.
final class ArrayExport {
  private static final long STRUCT_BYTES = ArrowArray.layout().byteSize();

  /// Stands in for buffers that are empty: offsets need one zero even without rows, and not every
  /// consumer takes NULL. As long as Arrow's padding, for consumers that read whole vectors.
  private static final long ZEROS = 64;

  private ArrayExport() {}

  /// Allocates and fills the block, which takes over all chunks that the memory has had so far.
  ///
  /// @param chunks their addresses
  /// @param chunkBytes the sum of their sizes, in bytes
  /// @return the finished root struct, to be copied to where the consumer wants it
  static MemorySegment fill(
      BatchMemory memory,
      List<FieldVector> columns,
      int rows,
      long[] chunks,
      long chunkBytes,
      ReleaseFunctions functions) {
    List<List<ArrowBuf>> buffers = columns.stream().map(FieldVector::getFieldBuffers).toList();
    long words = chunks.length + 1L + columns.size();
    for (List<ArrowBuf> own : buffers) {
      words += own.size();
    }
    long bytes =
        ExportBlock.HEADER_BYTES
            + ZEROS
            + words * Long.BYTES
            + (1L + columns.size()) * STRUCT_BYTES;
    ExportBlock block = new ExportBlock(memory, bytes, columns.size(), chunkBytes, chunks);
    long zeros = block.take(ZEROS).address();
    MemorySegment root = fillStruct(block, rows, 1, block.takePointers(1), functions.array());
    MemorySegment children = block.takePointers(columns.size());
    ArrowArray.n_children(root, columns.size());
    ArrowArray.children(root, children);
    for (int i = 0; i < columns.size(); i++) {
      List<ArrowBuf> own = buffers.get(i);
      MemorySegment pointers = block.takePointers(own.size());
      MemorySegment child = fillStruct(block, rows, own.size(), pointers, functions.childArray());
      int nulls = columns.get(i).getNullCount();
      ArrowArray.null_count(child, nulls);
      fillPointers(pointers.address(), own, rows, nulls, zeros);
      MemoryUtil.putLong(children.address() + (long) i * Long.BYTES, child.address());
    }
    return root;
  }

  /// A struct without nulls and children.
  private static MemorySegment fillStruct(
      ExportBlock block, int rows, int buffers, MemorySegment pointers, long release) {
    MemorySegment struct = block.take(STRUCT_BYTES);
    ArrowArray.length(struct, rows);
    ArrowArray.n_buffers(struct, buffers);
    ArrowArray.buffers(struct, pointers);
    ArrowArray.release(struct, MemorySegment.ofAddress(release));
    ArrowArray.private_data(struct, block.start());
    return struct;
  }

  private static void fillPointers(
      long pointers, List<ArrowBuf> buffers, int rows, int nulls, long zeros) {
    if (nulls > 0) { // else the validity buffer may be NULL, which spares consumers reading it
      MemoryUtil.putLong(pointers, buffers.getFirst().memoryAddress());
    }
    for (int i = 1; i < buffers.size(); i++) {
      ArrowBuf buffer = buffers.get(i);
      boolean empty = rows == 0 || buffer.capacity() == 0;
      MemoryUtil.putLong(pointers + (long) i * Long.BYTES, empty ? zeros : buffer.memoryAddress());
    }
  }
}
