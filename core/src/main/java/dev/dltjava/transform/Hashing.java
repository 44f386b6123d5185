package dev.dltjava.transform;

import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.JsonKind;
import dev.dltjava.json.JsonText;
import dev.dltjava.limits.Limits;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// Replaces values by hashes: of the salt and the value, a string's UTF-8 or other values' JSON.
final class Hashing implements Step {
  private record Hashed(FieldPath path, MessageDigest digest) {}

  private final List<Hashed> paths;
  private final byte[] salt;
  private final JsonCursor cursor;
  private final JsonText jsonText = new JsonText();

  Hashing(Transformation.Hash hash, Limits limits) {
    this.paths =
        hash.paths().stream().map(p -> new Hashed(p.path(), digest(p.algorithm()))).toList();
    this.salt = hash.salt();
    this.cursor = new JsonCursor(limits);
  }

  @Override
  public boolean apply(RecordTree tree) {
    for (Hashed hashed : paths) {
      FieldPath path = hashed.path();
      path.forEach(
          tree, RecordTree.ROOT, 0, path.length(), node -> replace(tree, node, hashed.digest()));
    }
    return true;
  }

  private void replace(RecordTree tree, int node, MessageDigest digest) {
    JsonKind kind = tree.open(node, cursor);
    if (kind == JsonKind.NULL) {
      return;
    }
    digest.update(salt);
    if (kind == JsonKind.STRING) {
      digest.update(cursor.text(), cursor.start(), cursor.end() - cursor.start());
    } else {
      jsonText.write(cursor);
      digest.update(jsonText.text().bytes(), 0, jsonText.text().length());
    }
    tree.set(node, tree.hold('"' + HexFormat.of().formatHex(digest.digest()) + '"'));
  }

  private static MessageDigest digest(Transformation.HashAlgorithm algorithm) {
    try {
      return MessageDigest.getInstance(
          switch (algorithm) {
            case SHA256 -> "SHA-256";
            case SHA512 -> "SHA-512";
          });
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-2", impossible);
    }
  }
}
