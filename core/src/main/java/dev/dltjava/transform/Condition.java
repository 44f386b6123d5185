package dev.dltjava.transform;

import java.util.List;

/// What a record has to be like. A path at which there is nothing counts as null.
public sealed interface Condition {
  /// All of some conditions hold.
  record And(List<Condition> conditions) implements Condition {
    public And {
      conditions = List.copyOf(conditions);
    }
  }

  /// At least one of some conditions holds.
  record Or(List<Condition> conditions) implements Condition {
    public Or {
      conditions = List.copyOf(conditions);
    }
  }

  /// A condition does not hold.
  record Not(Condition condition) implements Condition {}

  /// A value compares with at least one of some others.
  ///
  /// @param path without list elements
  record Comparison(FieldPath path, Operator operator, List<Comparand> values)
      implements Condition {
    public Comparison {
      values = List.copyOf(values);
    }
  }

  /// Values are equal, or in an order, only if both are numbers, both strings, or both booleans;
  /// null equals null.
  enum Operator {
    EQUAL,
    LESS,
    AT_MOST,
    GREATER,
    AT_LEAST,
    /// A string begins with another.
    STARTS_WITH,
    /// A string ends with another.
    ENDS_WITH,
    /// A string has another in it, or a list has an equal element.
    CONTAINS
  }
}
