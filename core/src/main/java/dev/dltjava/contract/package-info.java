/// Which records are valid, and what of them is loaded: a data model, checked while records are
/// read. Verdicts are those of Pydantic 2 (https://docs.pydantic.dev) on decoded JSON, in its lax
/// mode, or none. Start at [RecordContract]. Depends on error, json, limits.
@NullMarked
package dev.dltjava.contract;

import org.jspecify.annotations.NullMarked;
