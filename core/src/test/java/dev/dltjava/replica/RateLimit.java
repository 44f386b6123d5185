package dev.dltjava.replica;

import java.util.ArrayList;
import java.util.List;

/// Counts requests in windows of whole seconds and refuses what is too much. Safe for many threads.
final class RateLimit {
  private static final int TOO_MANY_REQUESTS = 429;

  private long window;
  private int taken;

  /// The answer to a request that wants its turn.
  ///
  /// @param allowed requests in one window
  /// @param seconds length of a window
  synchronized Turn turn(int allowed, int seconds) {
    long now = System.currentTimeMillis() / 1000;
    if (now / seconds != window) {
      window = now / seconds;
      taken = 0;
    }
    taken++;
    return new Turn(allowed, allowed - taken, (window + 1) * seconds - now);
  }

  /// What the limit says to one request.
  ///
  /// @param allowed requests in one window
  /// @param remaining how many more the window has; negative if this one was too much
  /// @param secondsToReset until the next window
  record Turn(int allowed, int remaining, long secondsToReset) {
    boolean isGranted() {
      return remaining >= 0;
    }

    Response refusal() {
      Response body = Response.json(TOO_MANY_REQUESTS, "{\"message\":\"too many requests\"}");
      return marked(withHeader(body, "Retry-After: " + secondsToReset));
    }

    /// The response with headers that say what is left.
    Response marked(Response response) {
      Response limit = withHeader(response, "X-RateLimit-Limit: " + allowed);
      Response left = withHeader(limit, "X-RateLimit-Remaining: " + Math.max(0, remaining));
      return withHeader(left, "X-RateLimit-Reset: " + secondsToReset);
    }

    private static Response withHeader(Response response, String line) {
      List<String> headers = new ArrayList<>(response.headers());
      headers.add(line);
      return new Response(response.status(), headers, response.body());
    }
  }
}
