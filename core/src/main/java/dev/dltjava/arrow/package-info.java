/// Hands batches over through the Arrow C data interface: column memory from `malloc`, and the C
/// structs that lead to it. Start at [BatchExporter]. May depend on: error, limits.
///
/// Memory moves one way: [BatchMemory] owns every byte of a batch until [BatchExporter] has
/// exported it; from then on the C code in `release.c` does, which needs no VM. The structs of both
/// sides are declared once, in `dlt_java.h` and `release.h`; the subpackage `abi` is what jextract
/// makes of them (docs/reference/bindings.md).
@NullMarked
package dev.dltjava.arrow;

import org.jspecify.annotations.NullMarked;
