package dev.dltjava.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RowIdsTest {
  private final RowIds ids = new RowIds(Permutation.oneByOne());

  @Test
  void drawsRandomIdsOfFourteenCharactersThatDiffer() {
    Set<String> drawn = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      byte[] id = new byte[RowIds.LENGTH];
      ids.random(id, 0);
      drawn.add(new String(id, StandardCharsets.ISO_8859_1));
    }
    assertThat(drawn).hasSize(10_000).allMatch(id -> id.matches("[A-Za-z0-9+/]{14}"));
  }

  @Test
  void derivesNestedIdsAsPythonsShake128Does() {
    // base64.b64encode(hashlib.shake_128(b"x_t__l_0").digest(10))
    assertThat(nested("x", "t__l", 0)).isEqualTo("7Ywye+KaDJ1JCA");
  }

  private String nested(String parentId, String table, int index) {
    byte[] parent = ("<" + parentId).getBytes(StandardCharsets.UTF_8);
    byte[] target = new byte[RowIds.LENGTH + 1];
    NestedIds nested = ids.nested();
    nested.start(table.getBytes(StandardCharsets.UTF_8), target);
    nested.add(parent, 1, parent.length - 1, index, 1);
    nested.finish();
    return new String(target, 1, RowIds.LENGTH, StandardCharsets.US_ASCII);
  }

  @Test
  void derivesNestedIdsAsTheHashOfTheirText() {
    Shake128 hash = new Shake128();
    String table = "é".repeat(100);
    for (int index : new int[] {0, 9, 10, 12_345, Integer.MAX_VALUE}) {
      assertThat(nested("parent", table, index))
          .isEqualTo(hash.base64("parent_" + table + "_" + index, 10));
    }
  }

  @Test
  void derivesManyNestedIdsOfParentsAndTablesOfAnyLength() {
    Random random = new Random(7);
    Shake128 hash = new Shake128();
    NestedIds nested = ids.nested();
    for (int tableLength : new int[] {1, 7, 40, 138, 139, 140, 150, 400}) {
      String table = "t".repeat(tableLength);
      byte[] target = new byte[300 * RowIds.LENGTH];
      List<String> expected = new ArrayList<>();
      nested.start(table.getBytes(StandardCharsets.UTF_8), target);
      for (int row = 0; row < 300; row++) {
        String parent = row % 3 > 0 ? "fourteen_chars" : "p".repeat(random.nextInt(40));
        int index = random.nextInt(1 << random.nextInt(31));
        byte[] utf8 = parent.getBytes(StandardCharsets.UTF_8);
        nested.add(utf8, 0, utf8.length, index, row * RowIds.LENGTH);
        expected.add(hash.base64(parent + "_" + table + "_" + index, 10));
      }
      nested.finish();
      assertThat(new String(target, StandardCharsets.US_ASCII).split("(?<=\\G.{14})"))
          .containsExactlyElementsOf(expected);
    }
  }
}
