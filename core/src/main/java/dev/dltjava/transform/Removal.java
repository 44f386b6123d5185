package dev.dltjava.transform;

import java.util.List;

/// Leaves values out.
///
/// @param paths of the values
record Removal(List<FieldPath> paths) implements Step {
  @Override
  public boolean apply(RecordTree tree) {
    for (FieldPath path : paths) {
      int last = path.length() - 1;
      path.forEach(tree, RecordTree.ROOT, 0, last, parent -> remove(tree, parent, path.part(last)));
    }
    return true;
  }

  private static void remove(RecordTree tree, int parent, byte[] part) {
    boolean elements = part.length == 0;
    if (elements ? !tree.isList(parent) : !tree.isObject(parent)) {
      return;
    }
    // All of equal keys.
    for (int child = tree.firstChild(parent);
        child != RecordTree.NONE;
        child = tree.nextChild(child)) {
      if (elements || tree.hasKey(child, part)) {
        tree.remove(child);
      }
    }
  }
}
