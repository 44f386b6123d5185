/// Records become rows of a parent table and its child tables, as dlt's relational normalizer makes
/// them. Start at [Normalizer]. Depends on column, error, identity, json, limits, naming, schema,
/// time.
@NullMarked
package dev.dltjava.normalize;

import org.jspecify.annotations.NullMarked;
