package dev.dltjava.normalize;

import java.util.Comparator;

/// The order in which dlt walks the fields of a row.
final class Traversal {
  /// @param ordinals the positions of the objects on the way from the record to the field, each
  ///   among its siblings
  /// @param position of the field within its row
  record Key(int[] ordinals, int position) {
    static Key of(FieldNode field, int position) {
      return new Key(Traversal.ordinals(field.object), position);
    }
  }

  private Traversal() {}

  static Comparator<Key> comparator(ColumnOrder order) {
    return switch (order) {
      case DOCUMENT -> Comparator.comparingInt(Key::position);
      case SCALARS_FIRST ->
          (left, right) -> {
            int byObject = compareStackOrder(left.ordinals, right.ordinals);
            return byObject != 0 ? byObject : Integer.compare(left.position, right.position);
          };
    };
  }

  /// Whether a value that is read later than that of `earlier` in the same row replaces it.
  static boolean winsOver(FieldNode later, FieldNode earlier, ColumnOrder order) {
    return switch (order) {
      case DOCUMENT -> true;
      case SCALARS_FIRST ->
          compareStackOrder(ordinals(later.object), ordinals(earlier.object)) >= 0;
    };
  }

  /// An object before the objects in it, and of siblings the last first, as a stack hands them out.
  private static int compareStackOrder(int[] left, int[] right) {
    int shared = Math.min(left.length, right.length);
    for (int i = 0; i < shared; i++) {
      if (left[i] != right[i]) {
        return Integer.compare(right[i], left[i]);
      }
    }
    return Integer.compare(left.length, right.length);
  }

  private static int[] ordinals(ObjectNode object) {
    int depth = 0;
    for (ObjectNode node = object; node.parent != null; node = node.parent) {
      depth++;
    }
    int[] ordinals = new int[depth];
    for (ObjectNode node = object; node.parent != null; node = node.parent) {
      ordinals[--depth] = node.ordinal;
    }
    return ordinals;
  }
}
