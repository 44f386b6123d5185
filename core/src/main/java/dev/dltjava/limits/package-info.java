/// The bounds on everything that comes from outside, each with its default and its reason. Start at
/// [Limits]. May depend on: error.
@NullMarked
package dev.dltjava.limits;

import org.jspecify.annotations.NullMarked;
