/// The one exception of the library and its stable codes. Start at [DltJavaException]. Depends on
/// nothing.
@NullMarked
package dev.dltjava.error;

import org.jspecify.annotations.NullMarked;
