package dev.dltjava.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RowIdsTest {
  private final RowIds ids = new RowIds();

  @Test
  void drawsRandomIdsOfFourteenCharactersThatDiffer() {
    Set<String> drawn = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      drawn.add(new String(ids.random(), StandardCharsets.ISO_8859_1));
    }
    assertThat(drawn).hasSize(10_000).allMatch(id -> id.matches("[A-Za-z0-9+/]{14}"));
  }

  @Test
  void derivesNestedIdsAsPythonsShake128Does() {
    // base64.b64encode(hashlib.shake_128(b"x_t__l_0").digest(10))
    assertThat(ids.nested("x", "t__l", 0)).isEqualTo("7Ywye+KaDJ1JCA");
  }
}
