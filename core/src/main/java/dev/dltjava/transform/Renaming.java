package dev.dltjava.transform;

import java.util.List;

/// Moves values.
///
/// @param moves one after the other
record Renaming(List<Transformation.Move> moves, StepPlace place) implements Step {
  @Override
  public boolean apply(RecordTree tree) {
    for (Transformation.Move move : moves) {
      int keys = move.source().keysStart();
      move.source()
          .forEach(tree, RecordTree.ROOT, 0, keys, element -> rename(tree, move, element, keys));
    }
    return true;
  }

  private void rename(RecordTree tree, Transformation.Move move, int element, int keys) {
    FieldPath source = move.source();
    FieldPath target = move.target();
    int last = source.length() - 1;
    int targetLast = target.length() - 1;
    source.forEach(
        tree,
        element,
        keys,
        last,
        parent -> {
          int value =
              tree.isObject(parent) ? tree.find(parent, source.part(last)) : RecordTree.NONE;
          if (value != RecordTree.NONE) {
            tree.remove(value);
            int object = target.makeObject(tree, element, keys, targetLast, place);
            tree.moveTo(object, target.part(targetLast), value);
          }
        });
  }
}
