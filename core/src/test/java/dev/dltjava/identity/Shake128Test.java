package dev.dltjava.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class Shake128Test {
  @Test
  void agreesWithTheJdkOnTextsOfAllLengths() throws NoSuchAlgorithmException {
    MessageDigest reference = MessageDigest.getInstance("SHAKE128-256");
    Shake128 hash = new Shake128();
    Random random = new Random(1);
    for (int length = 0; length < 700; length++) {
      String text =
          random
              .ints(length, ' ', 0x500)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      byte[] digest = reference.digest(text.getBytes(StandardCharsets.UTF_8));
      int bytes = 1 + random.nextInt(32);
      assertThat(hash.base64(text, bytes))
          .isEqualTo(
              Base64.getEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, bytes)));
    }
  }
}
