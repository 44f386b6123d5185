package dev.dltjava.normalize;

import dev.dltjava.arrow.BatchMemory;

/// Opens the memory of a new batch, within the limits of its source.
@FunctionalInterface
public interface BatchMemorySource {
  /// @param expectedBytes about what the batch will take, 0 if nothing is known
  BatchMemory open(long expectedBytes);
}
