/// A replica of the chess.com Published Data API, and an API of posts in every style of paging, on
/// loopback with faults on demand: the other side of the demo, the tests and the benchmarks. Start
/// at [Replica], or at [ReplicaMain] from a shell. Depends on the JDK alone, so that the compiled
/// test classes run without any library.
@NullMarked
package dev.dltjava.replica;

import org.jspecify.annotations.NullMarked;
