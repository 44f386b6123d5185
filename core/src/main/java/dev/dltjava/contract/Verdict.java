package dev.dltjava.contract;

/// What a contract says of a record, the stronger ones behind the weaker ones.
public enum Verdict {
  /// The record fits; what is loaded is known.
  VALID,

  /// A rule is broken.
  INVALID,

  /// Only the author of the contract can tell.
  OPEN;

  Verdict and(Verdict other) {
    return compareTo(other) < 0 ? other : this;
  }
}
