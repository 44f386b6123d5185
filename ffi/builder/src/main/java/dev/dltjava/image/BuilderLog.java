package dev.dltjava.image;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Picks the lines of the builder's log that a person wants to see.
final class BuilderLog {
  private static final int SHOWN_LINES = 40;

  private static final Pattern STAGE = Pattern.compile("\\[[0-9]+/[0-9]+] .*");
  private static final Pattern ERROR = Pattern.compile("(Error|Fatal error|Exception in thread).*");
  private static final Pattern NOISE =
      Pattern.compile("\\s*|WARNING:.*|Warning:.*|[-=]+|\\s+at (java|jdk|com\\.oracle)\\..*");

  private BuilderLog() {}

  /// Says whether the line reports a finished stage of the build.
  static boolean isStage(String line) {
    return STAGE.matcher(line).matches();
  }

  /// Returns the first error with what follows it, or the last lines when no error is marked as
  /// one.
  static List<String> explanation(List<String> log) {
    List<String> useful = new ArrayList<>();
    boolean failed = false;
    for (String line : log) {
      if (!failed && ERROR.matcher(line).matches()) {
        failed = true;
        useful.clear();
      }
      if (!NOISE.matcher(line).matches()) {
        useful.add(line);
      }
    }
    int size = useful.size();
    return failed
        ? useful.subList(0, Math.min(SHOWN_LINES, size))
        : useful.subList(Math.max(0, size - SHOWN_LINES), size);
  }
}
