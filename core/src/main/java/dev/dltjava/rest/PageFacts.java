package dev.dltjava.rest;

import dev.dltjava.http.Headers;
import dev.dltjava.json.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a paginator learns from a page.
///
/// @param headers of the response
/// @param values those at [PaginatorState#paths], null where there is none
/// @param hasRecords whether the page has any, if the paginator asks
record PageFacts(Headers headers, List<@Nullable JsonValue> values, boolean hasRecords) {}
