package dev.dltjava.transform;

import dev.dltjava.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/// Where values of a record are: keys with dots between, `[*]` for all elements of a list, keys
/// with dots or brackets in them in quotes. `user.name`, `lines[*].sku`, `'first.name'.x`.
/// Immutable.
public final class FieldPath {
  /// Stands for all elements of a list among the parts of a path; no key is empty with its quotes.
  static final byte[] EACH = {};

  /// A path is walked recursively, and no API nests fields that deep.
  private static final int MOST_PARTS = 100;

  private static final String ELEMENTS = "[*]";

  private final String text;
  private final byte[][] parts;

  private FieldPath(String text, List<byte[]> parts) {
    this.text = text;
    this.parts = parts.toArray(byte[][]::new);
  }

  /// Reads a path.
  ///
  /// @throws IllegalArgumentException with what is wrong with it
  public static FieldPath parse(String text) {
    List<byte[]> parts = new ArrayList<>();
    int i = 0;
    do {
      i = key(text, i, parts);
      while (text.startsWith(ELEMENTS, i)) {
        parts.add(EACH);
        i += ELEMENTS.length();
      }
      if (i < text.length() && text.charAt(i) != '.') {
        throw wrong(text, "expected '.' or '[*]' at character " + (i + 1));
      }
    } while (i++ < text.length());
    if (parts.size() > MOST_PARTS) {
      throw wrong(text, "it has more than " + MOST_PARTS + " parts");
    }
    return new FieldPath(text, parts);
  }

  /// Reads the key that begins at an index, and returns the index behind it.
  private static int key(String text, int from, List<byte[]> parts) {
    char quote = from < text.length() ? text.charAt(from) : 0;
    if (quote != '\'' && quote != '"') {
      int end = from;
      while (end < text.length() && text.charAt(end) != '.' && text.charAt(end) != '[') {
        end++;
      }
      if (end == from) {
        throw wrong(text, "expected a key at character " + (from + 1));
      }
      parts.add(quoted(text.substring(from, end)));
      return end;
    }
    StringBuilder key = new StringBuilder();
    for (int i = from + 1; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == quote) {
        parts.add(quoted(key.toString()));
        return i + 1;
      }
      if (character == '\\' && i + 1 < text.length()) {
        i++;
        character = text.charAt(i);
      }
      key.append(character);
    }
    throw wrong(text, "the quote at character " + (from + 1) + " is not closed");
  }

  /// A key as [dev.dltjava.json.ValueCopy] spells it.
  private static byte[] quoted(String key) {
    return JsonText.quoted(key).getBytes(StandardCharsets.UTF_8);
  }

  private static IllegalArgumentException wrong(String text, String reason) {
    return new IllegalArgumentException(
        "'"
            + text
            + "' is no path: "
            + reason
            + "; paths are keys with dots between, '[*]' behind a list, and quotes around keys with"
            + " dots or brackets in them: user.name, lines[*].sku, 'first.name'");
  }

  /// How many keys and list elements are on the way.
  int length() {
    return parts.length;
  }

  /// A key in quotes, or [#EACH].
  byte[] part(int index) {
    return parts[index];
  }

  /// Does something with the values that a part of the path leads to.
  ///
  /// @param node where the part begins
  /// @param from index of its first step
  /// @param to index behind its last
  void forEach(RecordTree tree, int node, int from, int to, IntConsumer visitor) {
    if (from == to) {
      visitor.accept(node);
    } else if (isElements(from)) {
      if (tree.isList(node)) {
        for (int e = tree.firstChild(node); e != RecordTree.NONE; e = tree.nextChild(e)) {
          forEach(tree, e, from + 1, to, visitor);
        }
      }
    } else {
      int member = tree.isObject(node) ? tree.find(node, parts[from]) : RecordTree.NONE;
      if (member != RecordTree.NONE) {
        forEach(tree, member, from + 1, to, visitor);
      }
    }
  }

  /// The object at the end of a part of the path that has keys only, made if there is none.
  ///
  /// @param place of the step that needs it
  int makeObject(RecordTree tree, int node, int from, int to, StepPlace place) {
    int object = node;
    for (int i = from; ; i++) {
      if (tree.isNull(object)) {
        tree.set(object, tree.hold("{}"));
      } else if (!tree.isObject(object)) {
        throw place.wrong(
            this,
            "expected an object on the way to '"
                + text
                + "', found "
                + tree.kind(object)
                + "; drop it in a step before, or choose another path");
      }
      if (i == to) {
        return object;
      }
      int member = tree.find(object, parts[i]);
      object = member == RecordTree.NONE ? tree.put(object, parts[i], tree.hold("{}")) : member;
    }
  }

  private boolean isElements(int index) {
    return parts[index].length == 0;
  }

  /// Where the keys behind the innermost list elements on the way begin, 0 if there are none.
  int keysStart() {
    int start = 0;
    for (int i = 0; i < parts.length; i++) {
      if (isElements(i)) {
        start = i + 1;
      }
    }
    return start;
  }

  /// Whether the path goes into the elements of lists.
  public boolean hasElements() {
    return keysStart() > 0;
  }

  /// Whether a value can be put at the path: it ends with a key.
  public boolean isAssignable() {
    return keysStart() < parts.length;
  }

  /// Whether another path goes into the elements of the same lists.
  public boolean hasElementsOf(FieldPath other) {
    int start = keysStart();
    return start == other.keysStart()
        && Arrays.deepEquals(Arrays.copyOf(parts, start), Arrays.copyOf(other.parts, start));
  }

  /// As it was written.
  @Override
  public String toString() {
    return text;
  }
}
