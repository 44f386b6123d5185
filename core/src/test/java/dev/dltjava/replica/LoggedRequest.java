package dev.dltjava.replica;

/// A request in the log.
///
/// @param request what was asked
/// @param millis when it had arrived whole, in milliseconds since the replica's start
/// @param connection the number of its connection: 1 is the first one accepted
public record LoggedRequest(Request request, long millis, int connection) {
  /// The log's line: method, target, milliseconds, connection, with one space between.
  public String line() {
    return request.method() + " " + request.target() + " " + millis + " " + connection;
  }
}
