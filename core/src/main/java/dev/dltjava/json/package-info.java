/// Documents as a stream of tokens, with the place of what is wrong in them. Start at
/// [RecordReader]. Depends on error, limits.
@NullMarked
package dev.dltjava.json;

import org.jspecify.annotations.NullMarked;
