package dev.dltjava.identity;

import java.util.Arrays;

/// Ids of elements of lists: each the hash of `<parent's id>_<table>_<index>`. There are more of
/// them than of anything else that is made here, so they are gathered and hashed many at a time.
/// One owner, one thread.
public final class NestedIds {
  /// As many as are hashed at a time: all of their states stay in the processor's nearest cache.
  private static final int GATHERED = 64;

  /// Digits of the largest `int`.
  private static final int INT_DIGITS = 10;

  private static final int LAST_LANE = Shake128.RATE / Long.BYTES - 1;

  private final Permutation permutation;

  /// Hashes texts that are longer than a block.
  private final Shake128 hash = new Shake128();

  /// Zero behind the texts.
  private final long[] states = new long[GATHERED * Keccak.LANES];

  private final int[] places = new int[GATHERED];
  private int gathered;

  /// The text that was gathered last and zeros; the table's part stays from one text to the next.
  private final byte[] block = new byte[Shake128.RATE];

  private int end;
  private int parentLength = -1;

  private final byte[] digits = new byte[INT_DIGITS];
  private final byte[] id = new byte[2 * Long.BYTES];

  private byte[] table = {};
  private byte[] target = {};

  NestedIds(Permutation permutation) {
    this.permutation = permutation;
  }

  /// Begins the rows of a table.
  ///
  /// @param tableName of the lists' table in UTF-8
  /// @param ids holds the ids after [#finish()]
  public void start(byte[] tableName, byte[] ids) {
    table = tableName;
    target = ids;
    parentLength = -1;
  }

  /// Adds a row.
  ///
  /// @param parentIds holds the id of the row that has the list, in UTF-8, at `from`
  /// @param listIndex position in the list
  /// @param at where the id goes
  public void add(byte[] parentIds, int from, int length, int listIndex, int at) {
    int firstDigit = digits(listIndex);
    int count = INT_DIGITS - firstDigit;
    int newEnd = length + table.length + 2 + count;
    if (newEnd >= Shake128.RATE) {
      addLong(parentIds, from, length, firstDigit, at);
      return;
    }
    copyParent(parentIds, from, length);
    if (length != parentLength) {
      parentLength = length;
      block[length] = '_';
      System.arraycopy(table, 0, block, length + 1, table.length);
      block[length + 1 + table.length] = '_';
    }
    for (int i = 1; i <= count; i++) {
      block[newEnd - i] = digits[INT_DIGITS - i];
    }
    block[newEnd] = Shake128.SUFFIX;
    for (int i = newEnd + 1; i <= end; i++) {
      block[i] = 0;
    }
    end = newEnd;
    places[gathered] = at;
    gather();
  }

  private void copyParent(byte[] ids, int from, int length) {
    if (length == RowIds.LENGTH) {
      // Two words that overlap: quicker than the call for a copy of any length.
      int second = RowIds.LENGTH - Long.BYTES;
      Shake128.store(block, 0, Shake128.load(ids, from));
      Shake128.store(block, second, Shake128.load(ids, from + second));
    } else {
      System.arraycopy(ids, from, block, 0, length);
    }
  }

  private int digits(int listIndex) {
    int first = INT_DIGITS;
    int rest = listIndex;
    do {
      digits[--first] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    return first;
  }

  private void addLong(byte[] parentIds, int from, int length, int firstDigit, int at) {
    hash.update(parentIds, from, length);
    hash.update((byte) '_');
    hash.update(table, 0, table.length);
    hash.update((byte) '_');
    hash.update(digits, firstDigit, INT_DIGITS - firstDigit);
    hash.finish(RowIds.ID_BYTES, target, at);
  }

  private void gather() {
    int first = Permutation.first(gathered);
    int used = end / Long.BYTES;
    for (int lane = 0; lane <= used; lane++) {
      states[first + lane * Permutation.GROUP] = Shake128.load(block, lane * Long.BYTES);
    }
    states[first + LAST_LANE * Permutation.GROUP] |= Shake128.LAST_BIT_OF_PADDING;
    if (++gathered == GATHERED) {
      flush();
    }
  }

  private void flush() {
    permutation.permute(states, gathered);
    for (int i = 0; i < gathered; i++) {
      int first = Permutation.first(i);
      Shake128.store(id, 0, states[first]);
      Shake128.store(id, Long.BYTES, states[first + Permutation.GROUP]);
      Shake128.encode(id, 0, RowIds.ID_BYTES, target, places[i]);
    }
    gathered = 0;
    Arrays.fill(states, 0);
  }

  /// Writes the ids of all rows that were added.
  public void finish() {
    flush();
  }
}
