@NullMarked
package dev.dltjava.identity;

import org.jspecify.annotations.NullMarked;
