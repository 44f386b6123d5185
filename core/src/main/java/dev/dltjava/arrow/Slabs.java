package dev.dltjava.arrow;

/// Makes slabs: the memory of a large batch in one piece, which the next batch can use again as it
/// cannot use buffers of all sizes. Any thread.
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
        public void free(long address, long bytes) {
          throw new IllegalStateException("there are no slabs");
        }
      };

  /// Makes a slab.
  ///
  /// @param bytes a multiple of [#UNIT]
  /// @return its address, a multiple of [#UNIT], plus its size in units, which is that or up to
  ///   twice as much; 0 if there is none
  long allocate(long bytes);

  /// Gives a slab back that no exported batch has.
  ///
  /// @param bytes its size
  void free(long address, long bytes);
}
