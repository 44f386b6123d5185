/// Row ids and the hash that they and shortened names share. Start at [RowIds]. Depends on nothing.
@NullMarked
package dev.dltjava.identity;

import org.jspecify.annotations.NullMarked;
