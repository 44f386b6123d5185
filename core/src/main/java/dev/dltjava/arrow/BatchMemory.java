package dev.dltjava.arrow;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.limits.MemoryBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.arrow.memory.AllocationManager;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ReferenceManager;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

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

  /// Position of a chunk that is a part of the slab, and freed with it.
  private static final int IN_SLAB = -1;

  private final MemoryBudget budget;
  private final Slabs slabs;
  private final List<Chunk> chunks = new ArrayList<>();
  private final BufferAllocator allocator;
  private long liveBytes;
  private boolean owning = true;

  /// Most of a large batch, 0 if there is none.
  private long slab;

  /// What is left of it.
  private long slabNext;

  private long slabEnd;

  public BatchMemory(MemoryBudget budget) {
    this(budget, Slabs.NONE, 0);
  }

  /// @param expectedBytes about what the batch will take, 0 if nothing is known
  public BatchMemory(MemoryBudget budget, Slabs slabs, long expectedBytes) {
    this.budget = budget;
    this.slabs = slabs;
    this.allocator =
        new RootAllocator(
            RootAllocator.configBuilder()
                .allocationManagerFactory(new VectorChunkFactory())
                .roundingPolicy(bytes -> (bytes + PADDING - 1) / PADDING * PADDING)
                .build());
    openSlab((expectedBytes + Slabs.UNIT / 2) / Slabs.UNIT * Slabs.UNIT);
  }

  /// A slab about as large as the batch; what is left over finds memory elsewhere.
  private void openSlab(long expectedBytes) {
    long opened = expectedBytes == 0 ? 0 : slabs.allocate(expectedBytes);
    if (opened == 0) {
      return;
    }
    long bytes = Slabs.bytes(opened);
    if (!budget.tryReserve(bytes)) {
      slabs.free(opened);
      return;
    }
    slab = opened;
    slabNext = Slabs.address(opened);
    slabEnd = slabNext + bytes;
    liveBytes += bytes;
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
      chunks.forEach(chunk -> MemoryUtil.freeMemory(chunk.address));
      if (slab != 0) {
        slabs.free(slab);
      }
      disown();
    }
  }

  /// Addresses of all chunks and what stands for the slab, in no particular order.
  long[] addresses() {
    LongStream addresses = chunks.stream().mapToLong(chunk -> chunk.address);
    return LongStream.concat(addresses, slab == 0 ? LongStream.empty() : LongStream.of(slab))
        .toArray();
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
    slab = 0;
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
    Chunk chunk = new Chunk(address, bytes, chunks.size());
    chunks.add(chunk);
    liveBytes += bytes;
    return chunk;
  }

  /// Memory for a vector, of the slab if it has room; Arrow has padded its size.
  private Chunk allocateVector(long bytes) {
    if (bytes > slabEnd - slabNext) {
      return allocateChunk(bytes);
    }
    Chunk part = new Chunk(slabNext, bytes, IN_SLAB);
    slabNext += bytes;
    return part;
  }

  private void free(Chunk chunk) {
    if (!owning || chunk.position == IN_SLAB) {
      return; // freed by close, or exported
    }
    Chunk last = chunks.removeLast();
    if (last.position != chunk.position) {
      chunks.set(chunk.position, last);
      last.position = chunk.position;
    }
    MemoryUtil.freeMemory(chunk.address);
    budget.giveBack(chunk.bytes);
    liveBytes -= chunk.bytes;
  }

  private static final class Chunk {
    final long address;
    final long bytes;
    int position;

    Chunk(long address, long bytes, int position) {
      this.address = address;
      this.bytes = bytes;
      this.position = position;
    }
  }

  private final class VectorChunkFactory implements AllocationManager.Factory {
    private final ArrowBuf empty = new ArrowBuf(ReferenceManager.NO_OP, null, 0, 0);

    @Override
    public AllocationManager create(BufferAllocator accountingAllocator, long bytes) {
      return new VectorChunk(accountingAllocator, allocateVector(bytes));
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
}
