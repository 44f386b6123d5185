package dev.dltjava.normalize;

import java.time.Instant;
import java.util.Map;

/// What a record's row may take from the request that brought it.
///
/// @param constants of the request: strings, longs, doubles or booleans
/// @param receivedAt when the response arrived
public record RecordContext(Map<String, Object> constants, Instant receivedAt) {
  /// For records that come from no request.
  public static final RecordContext NONE = new RecordContext(Map.of(), Instant.EPOCH);

  public RecordContext {
    constants = Map.copyOf(constants);
  }
}
