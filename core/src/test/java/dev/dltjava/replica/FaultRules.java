package dev.dltjava.replica;

import java.util.ArrayList;
import java.util.List;

/// The rules in force, oldest first: the first one that matches a request applies, until it is used
/// up. Safe for many threads.
final class FaultRules {
  private final List<FaultRule> rules = new ArrayList<>();

  synchronized void add(List<FaultRule> more) {
    rules.addAll(more);
  }

  /// The fault for this request, which counts as one use of its rule.
  synchronized Fault take(Request request) {
    for (int i = 0; i < rules.size(); i++) {
      FaultRule rule = rules.get(i);
      if (rule.matches(request)) {
        FaultRule rest = rule.used();
        if (rest.times() == 0) {
          rules.remove(i);
        } else {
          rules.set(i, rest);
        }
        return rule.fault();
      }
    }
    return new Fault.None();
  }

  synchronized List<FaultRule> rules() {
    return List.copyOf(rules);
  }

  synchronized void clear() {
    rules.clear();
  }
}
