package dev.dltjava.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class KeysTest {
  private final JsonCursor cursor = new JsonCursor(JsonOutcome.LIMITS);
  private final Keys<Integer> keys = new Keys<>();

  private List<Keys.Key<Integer>> read(String object, int... pieces) {
    cursor.open(new JsonOutcome.Pieces(object.getBytes(StandardCharsets.UTF_8), pieces));
    assertThat(cursor.value()).isEqualTo(JsonKind.OBJECT);
    List<Keys.Key<Integer>> found = new ArrayList<>();
    Keys.Key<Integer> key = keys.start();
    while ((key = keys.next(cursor, key)) != null) {
      found.add(key);
      cursor.value();
      cursor.skipRest();
    }
    assertThat(cursor.atEnd()).isTrue();
    return found;
  }

  private static List<String> names(List<Keys.Key<Integer>> found) {
    return found.stream().map(Keys.Key::name).toList();
  }

  @Test
  void findsTheSameKeysInAnyOrderAndWhateverIsMissing() {
    List<Keys.Key<Integer>> first = read("{\"a\":1,\"b\":[{}],\"c\":\"x\",\"d\":null}");
    assertThat(names(first)).containsExactly("a", "b", "c", "d");
    assertThat(read("{\"d\":1,\"b\":2,\"a\":3,\"c\":4}"))
        .containsExactly(first.get(3), first.get(1), first.get(0), first.get(2));
    assertThat(read("{\"a\":1,\"d\":2}")).containsExactly(first.get(0), first.get(3));
    assertThat(read("{\"a\":1,\"b\":1,\"c\":1,\"d\":2}")).isEqualTo(first);
    assertThat(read("{}")).isEmpty();
  }

  @Test
  void takesOtherSpellingsOfAKeyForTheSame() {
    Keys.Key<Integer> plain = read("{\"name\":1}").getFirst();
    assertThat(read("{ \"name\" :1}")).containsExactly(plain);
    assertThat(read("{\"n\\u0061me\":1}")).containsExactly(plain);
    assertThat(read("{\n  \"name\"\n  : 1, \"name\":2}")).containsExactly(plain, plain);
    Keys.Key<Integer> escaped = read("{\"\\u006eumber\":1}").getFirst();
    assertThat(escaped.name()).isEqualTo("number");
    assertThat(read("{\"number\":1}")).containsExactly(escaped);
  }

  /// The raw text of two members spells this key.
  @Test
  void doesNotTakeOtherTextForAKeyWithEscapes() {
    List<Keys.Key<Integer>> odd = read("{\"a\\\":1,\\\"b\":1}");
    assertThat(names(odd)).containsExactly("a\":1,\"b");
    assertThat(names(read("{\"a\":1,\"b\":1}"))).containsExactly("a", "b");
    assertThat(names(read("{\"\\ud800\":1,\"\\udbff\":1}"))).containsExactly("\ud800", "\udbff");
  }

  @Test
  void tellsKeysApartThatBeginAlike() {
    read("{\"ab\":1,\"abc\":2,\"a\":3}");
    assertThat(names(read("{\"abc\":1,\"abcd\":2,\"ab\":3,\"\":4,\"abcdefgh\":5,\"abcdefg\":6}")))
        .containsExactly("abc", "abcd", "ab", "", "abcdefgh", "abcdefg");
  }

  @Test
  void findsKeysThatArriveInPieces() {
    String object = "{\"first\":1,\"second_key_of_some_length\":2}";
    List<Keys.Key<Integer>> whole = read(object);
    for (int cut = 0; cut < object.length(); cut++) {
      assertThat(read(object, cut, 1)).isEqualTo(whole);
    }
  }

  @Test
  void holdsManyKeys() {
    StringBuilder wide = new StringBuilder("{");
    for (int i = 0; i < 10_000; i++) {
      wide.append(i == 0 ? "" : ",").append("\"key").append(i * 7919 % 10_000).append("\":1");
    }
    List<Keys.Key<Integer>> found = read(wide.append('}').toString());
    Set<Keys.Key<Integer>> distinct = new HashSet<>(found);
    assertThat(distinct).hasSize(10_000);
    for (Keys.Key<Integer> key : found) {
      assertThat(keys.key(key.name())).isSameAs(key);
    }
    keys.key("key17").setValue(17);
    assertThat(read("{\"key17\":0}").getFirst().value()).isEqualTo(17);
  }
}
