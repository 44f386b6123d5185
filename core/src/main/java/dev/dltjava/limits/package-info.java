/// The bounds on everything that comes from outside, each with its default and its reason. Start at
/// [Limits]. Depends on nothing.
@NullMarked
package dev.dltjava.limits;

import org.jspecify.annotations.NullMarked;
