/// A source: fetch in parallel, decode in order, hand batches over. Start at [RecordSource].
/// Depends on all other packages.
@NullMarked
package dev.dltjava.pipeline;

import org.jspecify.annotations.NullMarked;
