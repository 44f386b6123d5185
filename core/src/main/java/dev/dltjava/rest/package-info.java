/// Fetching from REST APIs: chains of requests, each of which leads from page to page, many of them
/// at a time, delivered in order. Start at [ChainFetcher]; how a chain goes on is a [Paginator].
/// dlt's own client (`dlt/sources/helpers/rest_client`, version 1.31) is the specification. Depends
/// on `error`, `http`, `json`, `limits` and `naming`.
@NullMarked
package dev.dltjava.rest;

import org.jspecify.annotations.NullMarked;
