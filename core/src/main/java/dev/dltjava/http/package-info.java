/// An asynchronous HTTP/1.1 client: fetches a URL into off-heap blocks, with dlt's redirects and
/// retries. Start at [HttpClient]; one fetch is an `Exchange`, one socket a `Connection`. Depends
/// on `error`, `limits` and Netty's NIO transport.
///
/// Nothing here blocks an event loop, reads the environment or logs. Proxies come from the options.
@NullMarked
package dev.dltjava.http;

import org.jspecify.annotations.NullMarked;
