package dev.dltjava.limits;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import java.util.concurrent.atomic.AtomicLong;

/// The off-heap bytes that one source may hold, and those it does. It counts, and never allocates.
/// May be used by any thread at any time.
public final class MemoryBudget {
  private final long limitBytes;
  private final AtomicLong liveBytes = new AtomicLong();

  /// @param limitBytes most bytes reserved at a time: [Limits#memoryBytes]
  public MemoryBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /// Takes bytes from the budget, before they are allocated.
  ///
  /// @throws DltJavaException `MEMORY`, if they do not fit; nothing is reserved then
  public void reserve(long bytes) {
    long live = liveBytes.get();
    if (!tryReserve(bytes)) {
      throw new DltJavaException(
          ErrorCode.MEMORY,
          ErrorLocation.NONE,
          "the source holds "
              + live
              + " bytes and needs "
              + bytes
              + " more, but memory_limit_bytes is "
              + limitBytes
              + ": raise it, or lower concurrency, batch_rows or batch_bytes");
    }
  }

  /// Takes bytes from the budget, if they fit.
  public boolean tryReserve(long bytes) {
    if (liveBytes.addAndGet(bytes) > limitBytes) {
      liveBytes.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  /// Gives reserved bytes back, after they were freed or became someone else's to count.
  public void giveBack(long bytes) {
    liveBytes.addAndGet(-bytes);
  }

  /// Bytes that are reserved now.
  public long liveBytes() {
    return liveBytes.get();
  }
}
