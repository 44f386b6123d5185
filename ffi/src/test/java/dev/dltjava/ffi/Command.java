package dev.dltjava.ffi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A program that a test runs to its end.
///
/// @param words the program and its arguments
/// @param variables of its environment, besides those of this process
record Command(List<String> words, Map<String, String> variables) {
  private static final long MINUTES = 5;

  /// What a program left behind.
  ///
  /// @param status its exit code
  /// @param text what it wrote to its standard output and error
  record Result(int status, String text) {
    /// The text.
    ///
    /// @throws AssertionError if the program failed
    String succeeded() {
      if (status != 0) {
        throw new AssertionError("exit code " + status + ": " + text);
      }
      return text;
    }
  }

  static Command of(String... words) {
    return new Command(List.of(words), Map.of());
  }

  /// This command with further arguments.
  Command and(List<String> arguments) {
    List<String> all = new ArrayList<>(words);
    all.addAll(arguments);
    return new Command(all, variables);
  }

  /// This command with a variable of its environment.
  Command with(String name, String value) {
    return new Command(words, Map.of(name, value));
  }

  /// Runs the program, for minutes at most.
  ///
  /// @param folder where its output is written
  Result run(Path folder) throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "output", "");
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    return new Result(process.waitFor(), Files.readString(output));
  }
}
