/// ISO 8601 date-times in text, as dlt recognizes and reads them. Start at [IsoDateTime]. Depends
/// on nothing.
@NullMarked
package dev.dltjava.time;

import org.jspecify.annotations.NullMarked;
