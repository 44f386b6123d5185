package dev.dltjava.replica;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Which requests meet a fault.
///
/// @param pattern a path in which `*` stands for anything, also for slashes; a pattern that holds a
///   `?` is compared with path and query
/// @param times how many requests meet it, or [#ALWAYS]
/// @param fault what happens to them
record FaultRule(String pattern, int times, Fault fault) {
  static final int ALWAYS = Integer.MAX_VALUE;

  boolean matches(Request request) {
    String asked = pattern.indexOf('?') < 0 ? request.path() : request.relativeTarget();
    String regex =
        Arrays.stream(pattern.split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return Pattern.matches(regex, asked);
  }

  FaultRule used() {
    return times == ALWAYS ? this : new FaultRule(pattern, times - 1, fault);
  }

  @Override
  public String toString() {
    return pattern + " " + (times == ALWAYS ? "always" : times) + " " + fault;
  }
}
