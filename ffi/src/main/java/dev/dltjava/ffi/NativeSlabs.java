package dev.dltjava.ffi;

import dev.dltjava.arrow.Slabs;
import org.graalvm.nativeimage.c.function.CFunction;
import org.graalvm.word.PointerBase;
import org.graalvm.word.WordFactory;

/// Slabs of `slab.c`, which keeps some for the next batches.
final class NativeSlabs implements Slabs {
  @Override
  public long allocate(long bytes) {
    return slab(bytes);
  }

  @Override
  public void free(long address, long bytes) {
    freeSlab(WordFactory.pointer(address), bytes);
  }

  @CFunction("dltj_internal_slab")
  private static native long slab(long bytes);

  @CFunction("dltj_internal_slab_free")
  private static native void freeSlab(PointerBase slab, long bytes);
}
