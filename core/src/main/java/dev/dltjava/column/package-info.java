/// Typed columns over Arrow vectors. Start at [Column]. Depends on schema.
@NullMarked
package dev.dltjava.column;

import org.jspecify.annotations.NullMarked;
