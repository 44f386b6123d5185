/// How keys of the data become names of tables and columns, as dlt does it. Start at [SnakeCase].
/// Depends on identity.
@NullMarked
package dev.dltjava.naming;

import org.jspecify.annotations.NullMarked;
