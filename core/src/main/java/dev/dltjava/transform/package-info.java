/// Steps that change or leave out records before they become rows: select, drop, rename, cast,
/// filter, constant, hash. Start at [RecordTransformer]. Depends on error, json, limits, normalize,
/// time.
@NullMarked
package dev.dltjava.transform;

import org.jspecify.annotations.NullMarked;
