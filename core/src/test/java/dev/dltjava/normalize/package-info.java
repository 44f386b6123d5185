@NullMarked
package dev.dltjava.normalize;

import org.jspecify.annotations.NullMarked;
