/// The C boundary: entry points behind `dlt_java.h`, nothing else. Start at [EntryPoints]. Depends
/// on the core and on GraalVM's C interface.
@NullMarked
package dev.dltjava.ffi;

import org.jspecify.annotations.NullMarked;
