package dev.dltjava.http;

import java.time.InstantSource;

/// What the parts of one client share.
///
/// @param loops the threads, which outlive the client
/// @param options how to connect, wait and try again
/// @param counters counted by all parts
/// @param trust the certificates of https
/// @param clock the time of day
record ClientContext(
    EventLoops loops,
    HttpOptions options,
    Counters counters,
    TrustedCertificates trust,
    InstantSource clock) {}
