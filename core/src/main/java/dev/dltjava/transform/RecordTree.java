package dev.dltjava.transform;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.JsonKind;
import dev.dltjava.json.Utf8Text;
import dev.dltjava.json.ValueCopy;
import dev.dltjava.limits.Limits;
import java.util.Arrays;

/// A record as a tree that can be changed: nodes are numbers, their keys and values ranges of one
/// text. Only what is looked into becomes nodes; all else stays a range. One owner, one thread.
final class RecordTree {
  /// No node.
  static final int NONE = -1;

  /// The record itself.
  static final int ROOT = 0;

  /// Longest record, as compact JSON: it is held up to four times on the library's small heap.
  static final int RECORD_BYTES = 16 << 20;

  /// Most bytes of a record and of all that its steps make, which later steps may replace again.
  private static final int HELD_BYTES = 2 * RECORD_BYTES;

  /// Most members and elements of what is looked into, for the same reason.
  static final int MOST_NODES = 200_000;

  private static final int KEPT_NODES = 1 << 14;

  private static final String SUBJECT = "a record that is transformed";

  private final JsonCursor cursor;
  private final int nestingDepth;
  private Utf8Text text = new Utf8Text();

  private int nodes;

  /// The key in quotes; of an element an empty range.
  private int[] keyStart = new int[64];

  private int[] keyEnd = new int[64];

  /// The value, unless it has nodes.
  private int[] start = new int[64];

  private int[] end = new int[64];

  /// Members or elements, a chain; `NONE` behind the last.
  private int[] first = new int[64];

  private int[] last = new int[64];
  private int[] next = new int[64];

  /// Whether the value is an object or a list whose members or elements are nodes.
  private boolean[] open = new boolean[64];

  private boolean[] removed = new boolean[64];
  private boolean changed;

  RecordTree(Limits limits) {
    this.cursor = new JsonCursor(limits);
    this.nestingDepth = limits.nestingDepth();
  }

  /// Takes the record whose first token a cursor has read, and moves that cursor behind it.
  ///
  /// @param fields text of an object whose members stand behind the record's own, may be empty
  void read(JsonCursor record, byte[] fields) {
    if (text.bytes().length > RecordTransformer.KEPT_BYTES) {
      text = new Utf8Text();
    }
    if (start.length > KEPT_NODES) {
      resize(KEPT_NODES);
    }
    text.setLength(0);
    nodes = 0;
    changed = false;
    int root = add(0, 0, 0, 0);
    open[root] = true;
    text.append('{');
    readMembers(record);
    if (fields.length > 0) {
      cursor.open(fields, 0, fields.length);
      cursor.value();
      readMembers(cursor);
    }
    if (first[root] != NONE) {
      // Without the comma behind the last member.
      text.setLength(text.length() - 1);
    }
    text.append('}');
    end[root] = text.length();
  }

  private void readMembers(JsonCursor members) {
    while (members.toKey()) {
      members.readKey();
      int key = text.length();
      ValueCopy.appendString(members, text);
      int behindKey = text.length();
      text.append(':');
      int value = text.length();
      members.value();
      ValueCopy.append(members, text, RECORD_BYTES, SUBJECT);
      append(ROOT, add(key, behindKey, value, text.length()));
      text.append(',');
    }
  }

  /// The record as it is now: the text as it was read if nothing has changed, else `target`.
  Utf8Text write(Utf8Text target) {
    if (!changed) {
      text.setLength(end[ROOT]);
      return text;
    }
    target.setLength(0);
    write(ROOT, target, 1);
    return target;
  }

  private void write(int node, Utf8Text target, int depth) {
    if (!open[node]) {
      target.append(text.bytes(), start[node], end[node]);
      checkLength(target);
      return;
    }
    if (depth > nestingDepth) {
      throw limit(
          "transformations nest a record more than "
              + nestingDepth
              + " levels deep; the option max_nesting_depth sets this limit");
    }
    boolean object = isObject(node);
    target.append(object ? '{' : '[');
    boolean written = false;
    for (int child = firstChild(node); child != NONE; child = nextChild(child)) {
      if (written) {
        target.append(',');
      }
      written = true;
      if (object) {
        target.append(text.bytes(), keyStart[child], keyEnd[child]);
        target.append(':');
      }
      write(child, target, depth + 1);
    }
    target.append(object ? '}' : ']');
  }

  private static void checkLength(Utf8Text text) {
    if (text.length() > RECORD_BYTES) {
      throw limit(SUBJECT + " becomes longer than " + RECORD_BYTES + " bytes");
    }
  }

  private static DltJavaException limit(String message) {
    return new DltJavaException(ErrorCode.LIMIT, ErrorLocation.NONE, message);
  }

  boolean isObject(int node) {
    return text.bytes()[start[node]] == '{';
  }

  boolean isList(int node) {
    return text.bytes()[start[node]] == '[';
  }

  boolean isNull(int node) {
    return text.bytes()[start[node]] == 'n';
  }

  /// What kind of value it is, for messages.
  String kind(int node) {
    return switch (text.bytes()[start[node]]) {
      case '{' -> "an object";
      case '[' -> "a list";
      case '"' -> "a string";
      case 't', 'f' -> "a boolean";
      case 'n' -> "null";
      default -> "a number";
    };
  }

  /// Reads the first token of a value with a cursor of the caller.
  JsonKind open(int node, JsonCursor values) {
    if (open[node]) {
      Utf8Text current = new Utf8Text();
      write(node, current, 1);
      values.open(current.bytes(), 0, current.length());
    } else {
      values.open(text.bytes(), start[node], end[node]);
    }
    return values.value();
  }

  /// The first member or element of an object or a list, `NONE` if it has none.
  int firstChild(int node) {
    if (!open[node]) {
      expand(node);
    }
    return present(first[node]);
  }

  /// The member or element behind one, `NONE` if it is the last.
  int nextChild(int child) {
    return present(next[child]);
  }

  private int present(int child) {
    int node = child;
    while (node != NONE && removed[node]) {
      node = next[node];
    }
    return node;
  }

  private void expand(int node) {
    open[node] = true;
    int offset = start[node];
    cursor.open(text.bytes(), offset, end[node]);
    if (cursor.value() == JsonKind.OBJECT) {
      while (cursor.toKey()) {
        int key = offset + (int) cursor.byteOffset();
        cursor.readKey();
        // Without the colon.
        int behindKey = offset + (int) cursor.byteOffset() - 1;
        expandChild(node, key, behindKey, offset);
      }
    } else {
      while (cursor.toElement()) {
        expandChild(node, 0, 0, offset);
      }
    }
  }

  private void expandChild(int node, int key, int behindKey, int offset) {
    int from = offset + (int) cursor.byteOffset();
    cursor.value();
    cursor.skipRest();
    append(node, add(key, behindKey, from, offset + (int) cursor.byteOffset()));
  }

  /// Whether a member has a key.
  boolean hasKey(int child, byte[] key) {
    return keyEnd[child] - keyStart[child] == key.length
        && Arrays.equals(text.bytes(), keyStart[child], keyEnd[child], key, 0, key.length);
  }

  /// The member of an object with a key, `NONE` if there is none. Of equal keys the last one's
  /// value stays, in the place of the first, as in a Python `dict`.
  int find(int object, byte[] key) {
    int found = NONE;
    for (int child = firstChild(object); child != NONE; child = nextChild(child)) {
      if (hasKey(child, key)) {
        if (found == NONE) {
          found = child;
        } else {
          move(child, found);
          removed[child] = true;
        }
      }
    }
    return found;
  }

  /// Removes a member or element.
  void remove(int child) {
    removed[child] = true;
    changed = true;
  }

  /// Makes the value of one node that of another.
  private void move(int source, int target) {
    start[target] = start[source];
    end[target] = end[source];
    first[target] = first[source];
    last[target] = last[source];
    open[target] = open[source];
  }

  /// Puts the value of a node under a key of an object, in the place of the value that is there,
  /// else behind all.
  void moveTo(int object, byte[] key, int value) {
    move(value, member(object, key));
    changed = true;
  }

  /// Puts a value under a key of an object, in the place of the value that is there, else behind
  /// all.
  ///
  /// @param value where its text is, from [#hold]
  /// @return its node
  int put(int object, byte[] key, long value) {
    int member = member(object, key);
    set(member, value);
    return member;
  }

  /// Replaces a value.
  ///
  /// @param value where its text is, from [#hold]
  void set(int node, long value) {
    start[node] = (int) (value >>> Integer.SIZE);
    end[node] = (int) value;
    open[node] = false;
    first[node] = NONE;
    last[node] = NONE;
    changed = true;
  }

  /// Keeps the text of a value until the next record.
  ///
  /// @param json compact
  /// @return where it is
  long hold(String json) {
    long from = text.length();
    text.append(json);
    if (text.length() > HELD_BYTES) {
      throw limit(SUBJECT + " takes more than " + HELD_BYTES + " bytes with what its steps make");
    }
    return from << Integer.SIZE | text.length();
  }

  private int member(int object, byte[] key) {
    int member = find(object, key);
    if (member == NONE) {
      int from = text.length();
      text.append(key, 0, key.length);
      member = add(from, text.length(), from, from);
      append(object, member);
    }
    return member;
  }

  private int add(int key, int behindKey, int value, int behindValue) {
    if (nodes == MOST_NODES) {
      throw limit(
          "transformations look into objects and lists of a record with more than "
              + MOST_NODES
              + " members and elements, a limit without an option");
    }
    if (nodes == start.length) {
      resize(nodes * 2);
    }
    int node = nodes++;
    keyStart[node] = key;
    keyEnd[node] = behindKey;
    start[node] = value;
    end[node] = behindValue;
    first[node] = NONE;
    last[node] = NONE;
    next[node] = NONE;
    open[node] = false;
    removed[node] = false;
    return node;
  }

  private void append(int parent, int child) {
    if (first[parent] == NONE) {
      first[parent] = child;
    } else {
      next[last[parent]] = child;
    }
    last[parent] = child;
  }

  private void resize(int size) {
    keyStart = Arrays.copyOf(keyStart, size);
    keyEnd = Arrays.copyOf(keyEnd, size);
    start = Arrays.copyOf(start, size);
    end = Arrays.copyOf(end, size);
    first = Arrays.copyOf(first, size);
    last = Arrays.copyOf(last, size);
    next = Arrays.copyOf(next, size);
    open = Arrays.copyOf(open, size);
    removed = Arrays.copyOf(removed, size);
  }
}
