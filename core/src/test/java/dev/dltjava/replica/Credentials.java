package dev.dltjava.replica;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Who may ask: the secrets are the names of the kinds, such as `bearer-secret`.
///
/// | kind | expects |
/// |---|---|
/// | `bearer` | `Authorization: Bearer bearer-secret` |
/// | `api-key-header` | `X-Api-Key: key secret/+` |
/// | `api-key-query` | `?api_key=key secret/+` |
/// | `basic` | user `user`, password `basic:secret` |
/// | `oauth` | a token of [AccessTokens] that has not ended |
final class Credentials {
  private static final String KEY = "key secret/+";

  private final AccessTokens tokens;

  Credentials(AccessTokens tokens) {
    this.tokens = tokens;
  }

  boolean accepts(Request request, String kind) {
    String authorization = request.headers().getOrDefault("authorization", "");
    return switch (kind) {
      case "bearer" -> authorization.equals("Bearer bearer-secret");
      case "api-key-header" -> request.headers().getOrDefault("x-api-key", "").equals(KEY);
      case "api-key-query" -> request.query("api_key").contains(KEY);
      case "basic" -> authorization.equals("Basic " + base64("user:basic:secret"));
      case "oauth" -> authorization.startsWith("Bearer ") && tokens.isValid(authorization);
      default -> false;
    };
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
