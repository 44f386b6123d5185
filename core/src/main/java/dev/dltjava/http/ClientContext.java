package dev.dltjava.http;

import java.net.URI;
import java.time.InstantSource;

/// What the parts of one client share.
///
/// @param loops the threads, which outlive the client
/// @param options how to connect, wait and try again
/// @param counters counted by all parts
/// @param trust the certificates of https
/// @param clock the time of day
/// @param credentials what identifies the caller, now
/// @param log has each request that ended
record ClientContext(
    EventLoops loops,
    HttpOptions options,
    Counters counters,
    TrustedCertificates trust,
    InstantSource clock,
    CurrentCredentials credentials,
    RequestLog log) {

  /// The text of a URL without secrets, for messages.
  String masked(URI url) {
    return credentials.secrets().masked(url);
  }

  /// Whether a text, such as a link, has something in it that messages mask.
  boolean isSecretIn(String text) {
    return credentials.secrets().areIn(text);
  }
}
