@NullMarked
package dev.dltjava.naming;

import org.jspecify.annotations.NullMarked;
