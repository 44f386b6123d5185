/// Tests of transformations.
@NullMarked
package dev.dltjava.transform;

import org.jspecify.annotations.NullMarked;
