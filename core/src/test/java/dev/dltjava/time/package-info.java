@NullMarked
package dev.dltjava.time;

import org.jspecify.annotations.NullMarked;
