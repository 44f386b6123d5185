package dev.dltjava.arrow;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.limits.MemoryBudget;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.AllocationManager;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ReferenceManager;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.jspecify.annotations.Nullable;

/// Owns all native memory of one batch: what its vectors hold and what its export adds.
///
/// Closing it frees everything, whether the vectors were closed before, are closed later, or never
/// are; vectors must not be read after it. Once the batch is exported, closing does nothing: the
/// exported structs own the memory then.
///
/// Every chunk comes from `malloc` (16-byte aligned), so that C can free it; of batches that are
/// expected to be large, most comes from one slab. Its bytes are reserved in the [MemoryBudget]
/// while this object owns it. Used by one thread at a time.
public final class BatchMemory implements AutoCloseable {
  // Arrow's own policy rounds to powers of two, which would waste up to half of a batch; the format
  // asks for buffers padded to 64 bytes.
  private static final long PADDING = 64;

  private final MemoryBudget budget;
  private final List<Chunk> chunks = new ArrayList<>();
  private final BufferAllocator allocator;
  private long liveBytes;
  private boolean owning = true;

  /// What is left of the slab.
  private long slabNext;

  private long slabEnd;

  public BatchMemory(MemoryBudget budget) {
    this(budget, Slabs.NONE, 0);
  }

  /// @param expectedBytes about what the batch will take, 0 if nothing is known
  public BatchMemory(MemoryBudget budget, Slabs slabs, long expectedBytes) {
    this.budget = budget;
    this.allocator =
        new RootAllocator(
            RootAllocator.configBuilder()
                .allocationManagerFactory(new VectorChunkFactory())
                .roundingPolicy(bytes -> (bytes + PADDING - 1) / PADDING * PADDING)
                .build());
    openSlab(slabs, (expectedBytes + Slabs.UNIT / 2) / Slabs.UNIT * Slabs.UNIT);
  }

  /// A slab about as large as the batch; what is left over finds memory elsewhere.
  private void openSlab(Slabs slabs, long bytes) {
    if (bytes == 0 || !budget.tryReserve(bytes)) {
      return;
    }
    long slab = slabs.allocate(bytes);
    long address = slab & -Slabs.UNIT;
    long size = (slab - address) * Slabs.UNIT;
    if (slab == 0 || !budget.tryReserve(size - bytes)) {
      budget.giveBack(bytes);
      if (slab != 0) {
        slabs.free(address, size);
      }
      return;
    }
    add(address, size).slabs = slabs;
    slabNext = address;
    slabEnd = address + size;
  }

  /// The allocator for this batch's vectors, valid until the batch is exported or this is closed.
  /// It throws a [DltJavaException] of code `MEMORY` when the budget is used up.
  public BufferAllocator allocator() {
    return allocator;
  }

  /// Bytes that this object owns now; 0 once the batch is exported or this is closed.
  public long liveBytes() {
    return liveBytes;
  }

  /// Bytes that were asked for and not freed, those of the slab even if they were.
  public long usedBytes() {
    return liveBytes - (slabEnd - slabNext);
  }

  /// Frees everything that this object still owns. A second call does nothing.
  @Override
  public void close() {
    if (owning) {
      chunks.forEach(Chunk::free);
      disown();
    }
  }

  /// Addresses of all chunks, in no particular order, as `release.h` wants them.
  long[] addresses() {
    return chunks.stream().mapToLong(Chunk::exported).toArray();
  }

  /// Allocates a chunk that is no vector's; it stays this object's until close or detach.
  ///
  /// @return its address
  long allocate(long bytes) {
    return allocateChunk(bytes).address;
  }

  /// Gives all chunks up without freeing them: the caller has made someone else their owner.
  void detach() {
    disown();
  }

  private void disown() {
    owning = false;
    budget.giveBack(liveBytes);
    liveBytes = 0;
    slabNext = slabEnd;
    chunks.clear();
  }

  private Chunk allocateChunk(long bytes) {
    if (!owning) {
      throw new DltJavaException(
          ErrorCode.INTERNAL, ErrorLocation.NONE, "memory of a finished batch was asked for more");
    }
    budget.reserve(bytes);
    long address;
    try {
      address = MemoryUtil.allocateMemory(bytes);
    } catch (OutOfMemoryError e) {
      budget.giveBack(bytes);
      throw new DltJavaException(
          ErrorCode.MEMORY,
          ErrorLocation.NONE,
          "the system has no " + bytes + " bytes left: lower memory_limit_bytes or free memory",
          e);
    }
    return add(address, bytes);
  }

  private Chunk add(long address, long bytes) {
    Chunk chunk = new Chunk(address, bytes, chunks.size());
    chunks.add(chunk);
    liveBytes += bytes;
    return chunk;
  }

  /// Memory for a vector, of the slab if it has room.
  private AllocationManager vectorChunk(BufferAllocator accountingAllocator, long bytes) {
    if (bytes > slabEnd - slabNext) {
      return new VectorChunk(accountingAllocator, allocateChunk(bytes));
    }
    long address = slabNext;
    slabNext += (bytes + PADDING - 1) / PADDING * PADDING;
    return new SlabPart(accountingAllocator, address, bytes);
  }

  private void free(Chunk chunk) {
    if (!owning) {
      return; // freed by close, or exported
    }
    Chunk last = chunks.removeLast();
    if (last.position != chunk.position) {
      chunks.set(chunk.position, last);
      last.position = chunk.position;
    }
    chunk.free();
    budget.giveBack(chunk.bytes);
    liveBytes -= chunk.bytes;
  }

  private static final class Chunk {
    final long address;
    final long bytes;
    int position;

    /// Where it came from, if it is a slab.
    @Nullable Slabs slabs;

    Chunk(long address, long bytes, int position) {
      this.address = address;
      this.bytes = bytes;
      this.position = position;
    }

    long exported() {
      return slabs == null ? address : address | bytes / Slabs.UNIT << 1 | 1;
    }

    void free() {
      if (slabs == null) {
        MemoryUtil.freeMemory(address);
      } else {
        slabs.free(address, bytes);
      }
    }
  }

  private final class VectorChunkFactory implements AllocationManager.Factory {
    private final ArrowBuf empty = new ArrowBuf(ReferenceManager.NO_OP, null, 0, 0);

    @Override
    public AllocationManager create(BufferAllocator accountingAllocator, long bytes) {
      return vectorChunk(accountingAllocator, bytes);
    }

    @Override
    public ArrowBuf empty() {
      return empty;
    }
  }

  /// Arrow's view of a chunk: it counts the buffers that share it.
  private final class VectorChunk extends AllocationManager {
    private final Chunk chunk;

    VectorChunk(BufferAllocator accountingAllocator, Chunk chunk) {
      super(accountingAllocator);
      this.chunk = chunk;
    }

    @Override
    public long getSize() {
      return chunk.bytes;
    }

    @Override
    protected long memoryAddress() {
      return chunk.address;
    }

    @Override
    protected void release0() {
      free(chunk);
    }
  }

  /// Arrow's view of a part of the slab, which is freed as a whole.
  private static final class SlabPart extends AllocationManager {
    private final long address;
    private final long bytes;

    SlabPart(BufferAllocator accountingAllocator, long address, long bytes) {
      super(accountingAllocator);
      this.address = address;
      this.bytes = bytes;
    }

    @Override
    public long getSize() {
      return bytes;
    }

    @Override
    protected long memoryAddress() {
      return address;
    }

    @Override
    protected void release0() {}
  }
}
