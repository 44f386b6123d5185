package dev.dltjava.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The keys of the objects at one place of the documents, each with a value of the caller's; finds
/// the next key of an object without making a string of it. Keys are expected in the order of the
/// object before, and compared in place; others are found by their hash. One owner, one thread.
public final class Keys<V> {
  private static final int INITIAL_SLOTS = 16;

  /// 2^64 divided by the golden ratio, odd: spreads what differs in any bits over the high ones.
  private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

  /// A key, and what belongs to it.
  public static final class Key<V> {
    private final byte[] utf8;
    private final long hash;
    private final KeyToken token;
    private final String name;
    private @Nullable V value;

    /// The keys that came next in the last objects.
    private @Nullable Key<V> following;

    private @Nullable Key<V> otherFollowing;

    private Key(byte[] utf8, long hash, KeyToken token, String name) {
      this.utf8 = utf8;
      this.hash = hash;
      this.token = token;
      this.name = name;
    }

    public String name() {
      return name;
    }

    /// What was set last, `null` for a new key.
    public @Nullable V value() {
      return value;
    }

    public void setValue(V newValue) {
      value = newValue;
    }

    private void follow(Key<V> next) {
      // What cannot be compared in place is not expected.
      if (following != next && next.token != KeyToken.NONE) {
        otherFollowing = following;
        following = next;
      }
    }
  }

  /// Stands before the first key.
  private final Key<V> start = new Key<>(new byte[0], 0, KeyToken.NONE, "");

  /// Open addressing; at most half of the slots are taken.
  private @Nullable Key<V>[] slots = slots(INITIAL_SLOTS);

  private int count;

  /// How many keys are known, those without a value among them.
  public int size() {
    return count;
  }

  /// What stands before the first key of an object.
  public Key<V> start() {
    return start;
  }

  /// The next key of the object that the cursor is in, passed with its colon; `null` at the end of
  /// the object.
  ///
  /// @param before the key before it, or [#start()]
  public @Nullable Key<V> next(JsonCursor cursor, Key<V> before) {
    Key<V> expected = before.following;
    return expected != null && cursor.toKey(expected.token) ? expected : other(cursor, before);
  }

  private @Nullable Key<V> other(JsonCursor cursor, Key<V> before) {
    if (!cursor.toKey()) {
      return null;
    }
    Key<V> expected = before.following;
    if (expected != null && cursor.skipKey(expected.token)) {
      // Behind white space.
      return expected;
    }
    Key<V> alternative = before.otherFollowing;
    if (alternative != null && cursor.skipKey(alternative.token)) {
      before.follow(alternative);
      return alternative;
    }
    cursor.readKey();
    Key<V> found = find(cursor.text(), cursor.start(), cursor.end());
    before.follow(found);
    return found;
  }

  /// A key by its name, added if it is new.
  public Key<V> key(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    return find(utf8, 0, utf8.length);
  }

  private Key<V> find(byte[] text, int from, int to) {
    long hash = hash(text, from, to);
    int mask = slots.length - 1;
    int slot = (int) (hash >>> Integer.SIZE) & mask;
    Key<V> candidate;
    while ((candidate = slots[slot]) != null) {
      if (candidate.hash == hash
          && Arrays.equals(candidate.utf8, 0, candidate.utf8.length, text, from, to)) {
        return candidate;
      }
      slot = slot + 1 & mask;
    }
    byte[] utf8 = Arrays.copyOfRange(text, from, to);
    Key<V> added = new Key<>(utf8, hash, KeyToken.of(utf8), Utf8.string(utf8, 0, utf8.length));
    slots[slot] = added;
    if (++count * 2 > slots.length) {
      grow();
    }
    return added;
  }

  private void grow() {
    @Nullable Key<V>[] old = slots;
    slots = slots(old.length * 2);
    int mask = slots.length - 1;
    for (Key<V> key : old) {
      if (key != null) {
        int slot = (int) (key.hash >>> Integer.SIZE) & mask;
        while (slots[slot] != null) {
          slot = slot + 1 & mask;
        }
        slots[slot] = key;
      }
    }
  }

  @SuppressWarnings("unchecked") // an array of a generic type
  private static <V> @Nullable Key<V>[] slots(int length) {
    return (@Nullable Key<V>[]) new Key<?>[length];
  }

  private static long hash(byte[] text, int from, int to) {
    long hash = (long) to - from;
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      hash = mix(hash ^ Swar.load(text, i));
    }
    for (; i < to; i++) {
      hash = mix(hash ^ text[i]);
    }
    return hash;
  }

  private static long mix(long bits) {
    long product = bits * MULTIPLIER;
    return product ^ product >>> Integer.SIZE;
  }
}
