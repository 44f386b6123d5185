package dev.dltjava.arrow;

import dev.dltjava.arrow.abi.dltj_export_counters;
import dev.dltjava.arrow.abi.dltj_export_table;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// Native addresses of the functions that release exported structs, and of the counters that they
/// lower. All of them stay valid for the life of the process.
///
/// @param array `void (*)(struct ArrowArray *)`, for the root
/// @param childArray the same, for its children
/// @param schema `void (*)(struct ArrowSchema *)`, for the root
/// @param childSchema the same, for its children
/// @param counters `struct dltj_export_counters *`
public record ReleaseFunctions(
    long array, long childArray, long schema, long childSchema, long counters) {
  private static final VarHandle COUNTER = dltj_export_counters.blocks$layout().varHandle();

  /// Reads the table that `dltj_internal_export_table` of `release.h` returns.
  ///
  /// @param address of a `struct dltj_export_table`, borrowed until return
  public static ReleaseFunctions at(long address) {
    MemorySegment table =
        MemorySegment.ofAddress(address).reinterpret(dltj_export_table.layout().byteSize());
    return new ReleaseFunctions(
        dltj_export_table.release_array(table).address(),
        dltj_export_table.release_child_array(table).address(),
        dltj_export_table.release_schema(table).address(),
        dltj_export_table.release_child_schema(table).address(),
        dltj_export_table.counters(table).address());
  }

  /// Adds what is about to be exported to the counters. Consumers on other threads lower them at
  /// the same time.
  void count(long blocks, long bytes) {
    MemorySegment segment =
        MemorySegment.ofAddress(counters).reinterpret(dltj_export_counters.layout().byteSize());
    add(segment, dltj_export_counters.blocks$offset(), blocks);
    add(segment, dltj_export_counters.bytes$offset(), bytes);
  }

  private static void add(MemorySegment segment, long offset, long delta) {
    long _ = (long) COUNTER.getAndAdd(segment, offset, delta);
  }
}
