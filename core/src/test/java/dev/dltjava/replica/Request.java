package dev.dltjava.replica;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A request as it arrived.
///
/// @param method such as GET
/// @param target as in the request line, such as `/x?page=2` (or an absolute address, from a client
///   that takes the replica for its proxy)
/// @param headers values by lower-case name; repeated headers are joined with ", "
/// @param body the body's bytes, decoded if they came in chunks
/// @param keepsAlive whether the client wants to send another request on the connection
public record Request(
    String method, String target, Map<String, String> headers, byte[] body, boolean keepsAlive) {
  public Request {
    headers = Map.copyOf(headers);
  }

  /// Path and query, without scheme and authority.
  public String relativeTarget() {
    int scheme = target.indexOf("://");
    if (target.startsWith("/") || scheme < 0) {
      return target;
    }
    int path = target.indexOf('/', scheme + 3);
    return path < 0 ? "/" : target.substring(path);
  }

  /// The path alone, still percent-encoded.
  public String path() {
    String relative = relativeTarget();
    int query = relative.indexOf('?');
    return query < 0 ? relative : relative.substring(0, query);
  }

  /// The decoded values of one query parameter, in their order.
  List<String> query(String name) {
    List<String> values = new ArrayList<>();
    String relative = relativeTarget();
    int mark = relative.indexOf('?');
    String query = mark < 0 ? "" : relative.substring(mark + 1);
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String key = equals < 0 ? pair : pair.substring(0, equals);
      if (key.equals(name)) {
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        values.add(URLDecoder.decode(value, StandardCharsets.UTF_8));
      }
    }
    return values;
  }

  boolean acceptsGzip() {
    return headers.getOrDefault("accept-encoding", "").contains("gzip");
  }
}
