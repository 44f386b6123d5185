package dev.dltjava.arrow;

/// Makes slabs: the memory of a large batch in one piece, which the next batch can use again as it
/// cannot use buffers of all sizes. `slab.h` says what stands for one. Any thread.
public interface Slabs {
  /// The unit of their sizes and addresses in bytes.
  long UNIT = 2 << 20;

  /// Where no slabs are to be had.
  Slabs NONE =
      new Slabs() {
        @Override
        public long allocate(long bytes) {
          return 0;
        }

        @Override
        public void free(long slab) {
          throw new IllegalStateException("there are no slabs");
        }
      };

  /// Makes a slab.
  ///
  /// @param bytes a multiple of [#UNIT]
  /// @return a slab of so many bytes or up to twice as many, 0 if there is none
  long allocate(long bytes);

  /// Gives a slab back that no exported batch has.
  void free(long slab);

  /// Where a slab begins.
  static long address(long slab) {
    return slab / UNIT * UNIT;
  }

  /// Its size in bytes.
  static long bytes(long slab) {
    return slab % UNIT / 2 * UNIT;
  }
}
