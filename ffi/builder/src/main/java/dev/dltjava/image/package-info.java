/// Builds the project's native library: runs the GraalVM image builder on a stock JDK and links its
/// object with the project's C code into one library that exports the public C functions alone.
///
/// Start reading at [dev.dltjava.image.ImageBuilder]. The package needs the JDK and a C compiler,
/// and knows neither the project's Java code nor its C code.
@NullMarked
package dev.dltjava.image;

import org.jspecify.annotations.NullMarked;
