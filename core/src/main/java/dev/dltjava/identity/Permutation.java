package dev.dltjava.identity;

/// Keccak's permutation of several states at once, which processors do in the time of few.
/// Stateless: any thread.
public interface Permutation {
  /// States whose lanes lie side by side, as many as the widest registers hold.
  int GROUP = 8;

  /// Permutes the first `count` states.
  ///
  /// @param states groups of [#GROUP] states, one behind the other: of each group the first lanes,
  ///   then the second lanes, and so on
  void permute(long[] states, int count);

  /// Index of the first lane of a state; from one lane to the next it is [#GROUP].
  static int first(int state) {
    return state / GROUP * (Keccak.LANES * GROUP) + state % GROUP;
  }

  /// One state after the other, in Java.
  static Permutation oneByOne() {
    return Keccak.ONE_BY_ONE;
  }
}
