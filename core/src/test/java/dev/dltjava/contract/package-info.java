@NullMarked
package dev.dltjava.contract;

import org.jspecify.annotations.NullMarked;
