package dev.dltjava.identity;

import java.security.SecureRandom;
import java.util.Base64;

/// The values of `_dlt_id`: random for rows of root tables, derived from the parent for rows of
/// child tables, so that a child's id does not change when its parent is loaded again. One owner,
/// one thread.
public final class RowIds {
  /// dlt's `DLT_ID_LENGTH_BYTES`.
  private static final int ID_BYTES = 10;

  /// Random bytes are drawn in blocks: one system call serves hundreds of rows.
  private static final int BLOCK_BYTES = 8_000;

  private static final Base64.Encoder BASE64 = Base64.getEncoder().withoutPadding();

  private final SecureRandom random = new SecureRandom();
  private final Shake128 hash = new Shake128();
  private final byte[] block = new byte[BLOCK_BYTES];
  private final byte[] id = new byte[ID_BYTES];
  private int next = BLOCK_BYTES;

  /// A new random id: 14 ASCII characters.
  public byte[] random() {
    if (next == BLOCK_BYTES) {
      random.nextBytes(block);
      next = 0;
    }
    System.arraycopy(block, next, id, 0, ID_BYTES);
    next += ID_BYTES;
    return BASE64.encode(id);
  }

  /// The id of a row of a root table that is made from its content.
  ///
  /// @param json the content, keys sorted
  public String ofContent(String json) {
    return hash.base64(json, ID_BYTES);
  }

  /// The id of the element at `listIndex` of the list that became `table` below the row `parentId`.
  public String nested(String parentId, String table, long listIndex) {
    return hash.base64(parentId + "_" + table + "_" + listIndex, ID_BYTES);
  }
}
