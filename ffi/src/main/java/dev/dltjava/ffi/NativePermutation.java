package dev.dltjava.ffi;

import dev.dltjava.identity.Permutation;
import org.graalvm.nativeimage.PinnedObject;
import org.graalvm.nativeimage.c.function.CFunction;
import org.graalvm.word.PointerBase;

/// Keccak's permutation in C (`keccak.c`), with the processor's widest registers.
final class NativePermutation implements Permutation {
  @Override
  public void permute(long[] states, int count) {
    try (PinnedObject pinned = PinnedObject.create(states)) {
      permute(pinned.addressOfArrayElement(0), (count + GROUP - 1) / GROUP);
    }
  }

  /// Takes a few microseconds and calls nothing: a collection may wait for it.
  @CFunction(value = "dltj_internal_keccak", transition = CFunction.Transition.NO_TRANSITION)
  private static native void permute(PointerBase states, long groups);
}
