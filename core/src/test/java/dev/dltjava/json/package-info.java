@NullMarked
package dev.dltjava.json;

import org.jspecify.annotations.NullMarked;
