/// JMH benchmarks. Start at [DecodeBenchmark], which measures the decoder on HotSpot, and at
/// [LibraryBenchmark], which measures the built library. Depends on all of core, on its replica of
/// the API, and on the generated bindings in abi.
@NullMarked
package dev.dltjava.jmh;

import org.jspecify.annotations.NullMarked;
