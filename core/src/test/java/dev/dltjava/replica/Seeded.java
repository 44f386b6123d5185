package dev.dltjava.replica;

import java.util.List;

/// A stream of random numbers that is the same in every run and on every JDK: SplitMix64, started
/// from a seed and the names of what is generated. One owner, one thread.
final class Seeded {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  private Seeded(long state) {
    this.state = state;
  }

  /// The stream for one thing, such as (7, "games", "hikaru", "2022/01").
  static Seeded of(long seed, String... names) {
    Seeded random = new Seeded(seed);
    for (String name : names) {
      for (int i = 0; i < name.length(); i++) {
        random.state = random.next() ^ name.charAt(i);
      }
      // Separates ("ab", "c") from ("a", "bc").
      random.state = random.next() ^ -1;
    }
    return random;
  }

  long next() {
    state += GOLDEN_GAMMA;
    long mixed = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  /// A number from 0 up to, not including, `bound`.
  int below(int bound) {
    return (int) ((next() >>> 1) % bound);
  }

  /// A number from `low` to `high`, both included.
  int between(int low, int high) {
    return low + below(high - low + 1);
  }

  boolean percent(int chance) {
    return below(100) < chance;
  }

  <T> T pick(List<T> choices) {
    return choices.get(below(choices.size()));
  }

  char pick(String choices) {
    return choices.charAt(below(choices.length()));
  }

  String hex(int digits) {
    StringBuilder text = new StringBuilder(digits);
    for (int i = 0; i < digits; i++) {
      text.append(pick("0123456789abcdef"));
    }
    return text.toString();
  }

  String uuid() {
    return hex(8) + "-" + hex(4) + "-11ec-" + hex(4) + "-" + hex(12);
  }
}
