package dev.dltjava.identity;

import java.security.SecureRandom;

/// The values of `_dlt_id`: random for rows of root tables, derived from the parent for rows of
/// child tables, so that a child's id does not change when its parent is loaded again. One owner,
/// one thread.
public final class RowIds {
  /// dlt's `DLT_ID_LENGTH_BYTES`.
  private static final int ID_BYTES = 10;

  /// Characters of an id that is made here, all ASCII.
  public static final int LENGTH = 14;

  /// Random bytes are drawn in blocks: one system call serves hundreds of rows.
  private static final int BLOCK_BYTES = 8_000;

  /// Digits of the largest `int`.
  private static final int INT_DIGITS = 10;

  private final SecureRandom random = new SecureRandom();
  private final Shake128 hash = new Shake128();
  private final byte[] block = new byte[BLOCK_BYTES];
  private final byte[] id = new byte[ID_BYTES];
  private final byte[] digits = new byte[INT_DIGITS];
  private int next = BLOCK_BYTES;

  /// Writes a new random id.
  public void random(byte[] target, int at) {
    if (next == BLOCK_BYTES) {
      random.nextBytes(block);
      next = 0;
    }
    System.arraycopy(block, next, id, 0, ID_BYTES);
    next += ID_BYTES;
    Shake128.encode(id, ID_BYTES, target, at);
  }

  /// The id of a row of a root table that is made from its content.
  ///
  /// @param json the content, keys sorted
  public String ofContent(String json) {
    return hash.base64(json, ID_BYTES);
  }

  /// Writes the id of an element of a list: the hash of `<parent's id>_<table>_<index>`.
  ///
  /// @param parentIds holds the id of the row that has the list, in UTF-8, at `from`
  /// @param table name of the list's table in UTF-8
  /// @param listIndex position in the list
  public void nested(
      byte[] parentIds, int from, int length, byte[] table, int listIndex, byte[] target, int at) {
    hash.update(parentIds, from, length);
    hash.update((byte) '_');
    hash.update(table, 0, table.length);
    hash.update((byte) '_');
    int first = INT_DIGITS;
    int rest = listIndex;
    do {
      digits[--first] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    hash.update(digits, first, INT_DIGITS - first);
    hash.finish(ID_BYTES, target, at);
  }
}
