package dev.dltjava.replica;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Gives out access tokens for OAuth 2.0 client credentials (RFC 6749, section 4.4): the client's
/// id is `client`, its secret `client-secret`. Safe for many threads.
final class AccessTokens {
  private static final int DEFAULT_SECONDS = 3600;
  private static final String BEARER = "Bearer ";

  private final Map<String, Long> endNanos = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> usesLeft = new ConcurrentHashMap<>();
  private final AtomicInteger issued = new AtomicInteger();

  /// Answers a request for a token, which lives `?lifetime=` seconds, and less if it has been used
  /// `?uses=` times before.
  Response issue(Request request) {
    String form = new String(request.body(), StandardCharsets.UTF_8);
    if (!form.contains("grant_type=client_credentials")
        || !form.contains("client_id=client")
        || !form.contains("client_secret=client-secret")) {
      return Response.json(400, "{\"error\":\"invalid_client\"}");
    }
    int seconds = Parameters.integer(request, "lifetime", DEFAULT_SECONDS);
    String token = "token-" + issued.incrementAndGet();
    usesLeft.put(token, new AtomicInteger(Parameters.integer(request, "uses", Integer.MAX_VALUE)));
    endNanos.put(token, System.nanoTime() + Duration.ofSeconds(seconds).toNanos());
    JsonText json = new JsonText(80).open('{').member("access_token", token);
    return Response.json(200, json.member("expires_in", seconds).close('}').utf8());
  }

  boolean isValid(String authorization) {
    String token = authorization.substring(BEARER.length());
    Long end = endNanos.get(token);
    AtomicInteger uses = usesLeft.get(token);
    return end != null && uses != null && System.nanoTime() - end < 0 && uses.getAndDecrement() > 0;
  }
}
