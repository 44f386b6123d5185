/// Inputs that a fuzzer finds: the fuzzer's run and what has been found, in [FuzzTest]. The targets
/// stand beside what they test.
@NullMarked
package dev.dltjava.fuzz;

import org.jspecify.annotations.NullMarked;
