@NullMarked
package dev.dltjava.architecture;

import org.jspecify.annotations.NullMarked;
