@NullMarked
package dev.dltjava.pipeline;

import org.jspecify.annotations.NullMarked;
