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

  private final long address;
  private final long end;
  private long next;

  /// @param bytes size of the block: [#HEADER_BYTES], the chunk addresses, and [#padded] parts
  /// @param children structs beside the root that hold a reference
  /// @param chunkBytes sum of the chunks' sizes, in bytes
  /// @param chunks addresses that are freed with the block
  ExportBlock(BatchMemory memory, long bytes, int children, long chunkBytes, long[] chunks) {
    address = memory.allocate(bytes);
    end = address + bytes;
    next = address;
    MemorySegment header = take(HEADER_BYTES);
    dltj_export_block.references(header, 1L + children);
    dltj_export_block.bytes(header, bytes + chunkBytes);
    dltj_export_block.chunk_count(header, chunks.length);
    for (long chunk : chunks) {
      takeWord(chunk);
    }
  }

  /// What a part of so many bytes takes.
  static long padded(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /// The next part, zeroed.
  MemorySegment take(long bytes) {
    long part = next;
    next += padded(bytes);
    if (next > end) {
      throw new IllegalStateException("an export block is smaller than its parts");
    }
    MemoryUtil.setMemory(part, bytes, (byte) 0);
    return MemorySegment.ofAddress(part).reinterpret(bytes);
  }

  /// The next part: one pointer or `int64_t`.
  void takeWord(long value) {
    MemoryUtil.putLong(take(Long.BYTES).address(), value);
  }

  /// The next part: the bytes given.
  MemorySegment takeCopy(byte[] bytes) {
    MemorySegment part = take(bytes.length);
    MemoryUtil.copyToMemory(bytes, 0, part.address(), bytes.length);
    return part;
  }

  /// What private_data points to.
  MemorySegment start() {
    return MemorySegment.ofAddress(address);
  }
}
