/// The types of dlt and the tables that exist before a source is read. Start at [KnownTable].
/// Depends on nothing.
@NullMarked
package dev.dltjava.schema;

import org.jspecify.annotations.NullMarked;
