/// Gates: each benchmark runs once, untimed, and its result is checked.
@NullMarked
package dev.dltjava.jmh;

import org.jspecify.annotations.NullMarked;
