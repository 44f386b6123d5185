package dev.dltjava.identity;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The values of `_dlt_id`: random for rows of root tables, derived from the parent for rows of
/// child tables, so that a child's id does not change when its parent is loaded again. One owner,
/// one thread.
public final class RowIds {
  /// dlt's `DLT_ID_LENGTH_BYTES`.
  static final int ID_BYTES = 10;

  /// Characters of an id that is made here, all ASCII.
  public static final int LENGTH = 14;

  /// Random bytes are drawn in blocks, which serve hundreds of rows.
  private static final int BLOCK_BYTES = 8_000;

  private static final int KEY_BYTES = 16;

  private final Cipher random = randomStream();
  private final Shake128 hash = new Shake128();
  private final NestedIds nested;
  private final byte[] zeros = new byte[BLOCK_BYTES];
  private final byte[] block = new byte[BLOCK_BYTES];
  private int next = BLOCK_BYTES;

  /// @param permutation makes ids of child rows
  public RowIds(Permutation permutation) {
    this.nested = new NestedIds(permutation);
  }

  /// AES in counter mode under a random key, as in CTR_DRBG (NIST SP 800-90A): what [SecureRandom]
  /// itself draws takes longer than reading the rows that need it.
  private static Cipher randomStream() {
    SecureRandom seed = new SecureRandom();
    byte[] key = new byte[KEY_BYTES];
    byte[] counter = new byte[KEY_BYTES];
    seed.nextBytes(key);
    seed.nextBytes(counter);
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(counter));
      return cipher;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime has no AES", e);
    }
  }

  /// Writes a new random id.
  public void random(byte[] target, int at) {
    if (next == BLOCK_BYTES) {
      draw();
    }
    Shake128.encode(block, next, ID_BYTES, target, at);
    next += ID_BYTES;
  }

  private void draw() {
    try {
      random.update(zeros, 0, BLOCK_BYTES, block, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES in counter mode takes any number of bytes", e);
    }
    next = 0;
  }

  /// The id of a row of a root table that is made from its content.
  ///
  /// @param json the content, keys sorted
  public String ofContent(String json) {
    return hash.base64(json, ID_BYTES);
  }

  /// The ids of elements of lists, one table at a time.
  public NestedIds nested() {
    return nested;
  }
}
