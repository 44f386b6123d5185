package dev.dltjava.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/// SHAKE128 in Base64 without padding, which dlt uses for row ids and for the tags of shortened
/// names. One owner, one thread.
public final class Shake128 {
  private static final Base64.Encoder BASE64 = Base64.getEncoder().withoutPadding();

  private final MessageDigest digest;

  public Shake128() {
    try {
      // An extendable output function: any prefix of the 256 bits is the shorter digest.
      digest = MessageDigest.getInstance("SHAKE128-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JDK has no SHAKE128-256", e);
    }
  }

  /// The first `bytes` bytes (at most 32) of the digest of `text` in UTF-8, in Base64.
  public String base64(String text, int bytes) {
    byte[] hash = digest.digest(text.getBytes(StandardCharsets.UTF_8));
    return BASE64.encodeToString(Arrays.copyOf(hash, bytes));
  }
}
