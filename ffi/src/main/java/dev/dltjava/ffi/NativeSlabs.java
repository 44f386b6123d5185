package dev.dltjava.ffi;

import dev.dltjava.arrow.Slabs;
import org.graalvm.nativeimage.c.function.CFunction;

/// Slabs of `slab.c`, which keeps some for the next batches.
final class NativeSlabs implements Slabs {
  @Override
  public long allocate(long bytes) {
    return make(bytes);
  }

  @Override
  public void free(long slab) {
    freeSlab(slab);
  }

  @CFunction("dltj_internal_slab")
  private static native long make(long bytes);

  @CFunction("dltj_internal_slab_free")
  private static native void freeSlab(long slab);
}
