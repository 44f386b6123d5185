package dev.dltjava.arrow;

import dev.dltjava.arrow.abi.dltj_export_block;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.util.MemoryUtil;

/// The native block behind one exported root struct, while it is filled: `release.h` describes it.
/// Parts are taken one after the other; the sizes must have been summed up before. Owned by the
/// [BatchMemory] that it is allocated from, until that is detached. One thread.
final class ExportBlock {
  /// What each part of a block is aligned to: no C type in it needs more.
  private static final long ALIGNMENT = 8;

  static final long HEADER_BYTES = dltj_export_block.layout().byteSize();

  // Parts are slices of one segment, so that none can reach beyond the block. They are only
  // written:
  // in a native image setting a pointer takes some 0.3 µs, but reading one takes 6 µs.
  private final MemorySegment segment;
  private long next;

  /// @param bytes size of the block: [#HEADER_BYTES], the chunk addresses, and [#padded] parts
  /// @param children structs beside the root that hold a reference
  /// @param chunkBytes sum of the chunks' sizes, in bytes
  /// @param chunks addresses that are freed with the block
  ExportBlock(BatchMemory memory, long bytes, int children, long chunkBytes, long[] chunks) {
    long address = memory.allocate(bytes);
    MemoryUtil.setMemory(address, bytes, (byte) 0);
    segment = MemorySegment.ofAddress(address).reinterpret(bytes);
    MemorySegment header = take(HEADER_BYTES);
    dltj_export_block.references(header, 1L + children);
    dltj_export_block.bytes(header, bytes + chunkBytes);
    dltj_export_block.chunk_count(header, chunks.length);
    long pointers = takePointers(chunks.length).address();
    for (int i = 0; i < chunks.length; i++) {
      MemoryUtil.putLong(pointers + (long) i * Long.BYTES, chunks[i]);
    }
  }

  /// What a part of so many bytes takes.
  static long padded(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /// The next part, all zero.
  ///
  /// @throws IndexOutOfBoundsException if the block was allocated smaller than its parts
  MemorySegment take(long bytes) {
    MemorySegment part = segment.asSlice(next, bytes);
    next += padded(bytes);
    return part;
  }

  /// The next part: so many pointers, all NULL.
  MemorySegment takePointers(int count) {
    return take((long) count * Long.BYTES);
  }

  /// The next part: the bytes given.
  MemorySegment takeCopy(byte[] bytes) {
    MemorySegment part = take(bytes.length);
    MemoryUtil.copyToMemory(bytes, 0, part.address(), bytes.length);
    return part;
  }

  /// What private_data points to.
  MemorySegment start() {
    return segment;
  }
}
