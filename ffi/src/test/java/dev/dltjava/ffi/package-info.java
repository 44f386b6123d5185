@NullMarked
package dev.dltjava.ffi;

import org.jspecify.annotations.NullMarked;
