package dev.dltjava.replica;

import java.io.IOException;
import java.io.OutputStream;
import java.time.DateTimeException;
import java.util.List;

/// Runs a replica from the command line: `java -cp core/target/test-classes
/// dev.dltjava.replica.ReplicaMain --help`. Prints `listening on http://127.0.0.1:PORT` and ends
/// with its standard input, so that no server outlives the test that started it.
public final class ReplicaMain {
  private ReplicaMain() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    CommandLine line;
    try {
      line = CommandLine.parse(List.of(arguments));
    } catch (IllegalArgumentException | DateTimeException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(2);
      return;
    }
    if (line.help()) {
      System.out.print(CommandLine.HELP);
      return;
    }
    try (Replica replica = Replica.start(line.options())) {
      if (line.warm()) {
        replica.warm();
      }
      System.out.println("listening on " + replica.origin());
      System.out.flush();
      if (line.ignoresInput()) {
        Thread.currentThread().join();
      }
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }
}
