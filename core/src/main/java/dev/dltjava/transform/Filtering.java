package dev.dltjava.transform;

import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.JsonKind;
import dev.dltjava.limits.Limits;

/// Leaves out the records for which a condition does not hold.
final class Filtering implements Step {
  private final Condition condition;
  private final JsonCursor cursor;

  Filtering(Condition condition, Limits limits) {
    this.condition = condition;
    this.cursor = new JsonCursor(limits);
  }

  @Override
  public boolean apply(RecordTree tree) {
    return holds(condition, tree);
  }

  private boolean holds(Condition part, RecordTree tree) {
    return switch (part) {
      case Condition.And and -> {
        for (Condition inner : and.conditions()) {
          if (!holds(inner, tree)) {
            yield false;
          }
        }
        yield true;
      }
      case Condition.Or or -> {
        for (Condition inner : or.conditions()) {
          if (holds(inner, tree)) {
            yield true;
          }
        }
        yield false;
      }
      case Condition.Not not -> !holds(not.condition(), tree);
      case Condition.Comparison comparison -> compares(comparison, tree);
    };
  }

  private boolean compares(Condition.Comparison comparison, RecordTree tree) {
    int node = RecordTree.ROOT;
    FieldPath path = comparison.path();
    for (int i = 0; i < path.length() && node != RecordTree.NONE; i++) {
      node = tree.isObject(node) ? tree.find(node, path.part(i)) : RecordTree.NONE;
    }
    if (comparison.operator() == Condition.Operator.CONTAINS
        && node != RecordTree.NONE
        && tree.isList(node)) {
      return hasElement(comparison, node, tree);
    }
    boolean absent = node == RecordTree.NONE || tree.open(node, cursor) == JsonKind.NULL;
    for (Comparand value : comparison.values()) {
      if (absent
          ? comparison.operator() == Condition.Operator.EQUAL && value.isNull()
          : value.holds(comparison.operator(), cursor)) {
        return true;
      }
    }
    return false;
  }

  private boolean hasElement(Condition.Comparison comparison, int list, RecordTree tree) {
    for (int element = tree.firstChild(list);
        element != RecordTree.NONE;
        element = tree.nextChild(element)) {
      tree.open(element, cursor);
      for (Comparand value : comparison.values()) {
        if (value.isElement(cursor)) {
          return true;
        }
      }
    }
    return false;
  }
}
