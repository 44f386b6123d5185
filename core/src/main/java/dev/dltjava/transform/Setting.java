package dev.dltjava.transform;

import java.util.List;

/// Puts values into records.
///
/// @param values one after the other
record Setting(List<Transformation.Value> values, StepPlace place) implements Step {
  @Override
  public boolean apply(RecordTree tree) {
    for (Transformation.Value value : values) {
      FieldPath path = value.path();
      int keys = path.keysStart();
      int last = path.length() - 1;
      long held = tree.hold(value.json());
      path.forEach(
          tree,
          RecordTree.ROOT,
          0,
          keys,
          element ->
              tree.put(path.makeObject(tree, element, keys, last, place), path.part(last), held));
    }
    return true;
  }
}
