/// A source: fetch and decode in parallel, put into order, hand batches over. Start at
/// [RecordSource]; [ParallelDecoder] says how several threads come to the outcome of one. Depends
/// on all other packages.
@NullMarked
package dev.dltjava.pipeline;

import org.jspecify.annotations.NullMarked;
