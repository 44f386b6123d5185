package dev.dltjava.transform;

/// A step with all that it needs for one record after the other. One owner, one thread.
interface Step {
  /// Changes the record; false if it is to be left out.
  boolean apply(RecordTree tree);
}
