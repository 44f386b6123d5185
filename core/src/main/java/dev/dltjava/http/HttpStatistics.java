package dev.dltjava.http;

import java.time.Duration;

/// What a client has done so far.
///
/// @param requests fetches begun
/// @param responses fetches that ended with a response
/// @param retries attempts after the first ones
/// @param redirects redirects followed
/// @param connections connections established
/// @param bodyBytes decompressed bytes of all complete bodies, those of redirects and retries
///   included
/// @param heldBytes off-heap bytes of bodies that are arriving or not yet closed
/// @param waited total of the waits between attempts
public record HttpStatistics(
    long requests,
    long responses,
    long retries,
    long redirects,
    long connections,
    long bodyBytes,
    long heldBytes,
    Duration waited) {}
