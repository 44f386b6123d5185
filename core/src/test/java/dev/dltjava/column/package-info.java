/// Tests of the columns.
@NullMarked
package dev.dltjava.column;

import org.jspecify.annotations.NullMarked;
