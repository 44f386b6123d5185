package dev.dltjava.transform;

import java.util.Arrays;
import java.util.List;

/// One step that every record goes through; `docs/how-to/transformations.md` says what each does.
public sealed interface Transformation {
  /// Keeps the values at some paths only.
  record Select(List<FieldPath> paths) implements Transformation {
    public Select {
      paths = List.copyOf(paths);
    }
  }

  /// Leaves the values at some paths out.
  record Drop(List<FieldPath> paths) implements Transformation {
    public Drop {
      paths = List.copyOf(paths);
    }
  }

  /// Moves values from one path to another, one move after the other.
  record Rename(List<Move> moves) implements Transformation {
    public Rename {
      moves = List.copyOf(moves);
    }
  }

  /// @param source ends with a key, as does `target`, which goes into the same lists' elements
  record Move(FieldPath source, FieldPath target) {}

  /// Converts values to types of dlt.
  ///
  /// @param nullOnError whether a value that cannot be converted becomes null instead of an error
  record Cast(List<TypedPath> paths, boolean nullOnError) implements Transformation {
    public Cast {
      paths = List.copyOf(paths);
    }
  }

  /// @param path of the values
  record TypedPath(FieldPath path, CastType type) {}

  /// Types that values can be cast to, with dlt's names in lower case.
  enum CastType {
    TEXT,
    BIGINT,
    DOUBLE,
    BOOL,
    TIMESTAMP
  }

  /// Keeps the records for which a condition holds.
  record Filter(Condition condition) implements Transformation {}

  /// Puts the same values into each record.
  record Constant(List<Value> values) implements Transformation {
    public Constant {
      values = List.copyOf(values);
    }
  }

  /// @param path ends with a key
  /// @param json the value as JSON text
  record Value(FieldPath path, String json) {}

  /// Replaces values by the hexadecimal digits of a hash.
  final class Hash implements Transformation {
    private final List<HashedPath> paths;
    private final byte[] salt;

    /// @param salt secret; hashed before each value
    public Hash(List<HashedPath> paths, byte[] salt) {
      this.paths = List.copyOf(paths);
      this.salt = Arrays.copyOf(salt, salt.length);
    }

    /// What is hashed.
    public List<HashedPath> paths() {
      return paths;
    }

    byte[] salt() {
      return Arrays.copyOf(salt, salt.length);
    }

    /// Without the salt.
    @Override
    public String toString() {
      return "Hash[paths=" + paths + "]";
    }
  }

  /// @param path of the values
  record HashedPath(FieldPath path, HashAlgorithm algorithm) {}

  /// Algorithms of hashes, with names of Python's `hashlib` in lower case.
  enum HashAlgorithm {
    SHA256,
    SHA512
  }
}
