package dev.dltjava.jmh;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// How much data went through a benchmark; JMH reports each field per second.
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class Volume {
  private static final double MEGABYTE_BYTES = 1e6;

  /// JSON text, uncompressed, in 10^6 bytes.
  public double megabytes;

  /// Rows of all tables.
  public long rows;

  void add(long jsonBytes, long addedRows) {
    megabytes += jsonBytes / MEGABYTE_BYTES;
    rows += addedRows;
  }
}
