package dev.dltjava.image;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Runs the builder's JVM, writes its words to a log and shows its progress.
///
/// @param peakMemory largest resident size in bytes, 0 when unknown
record BuilderRun(long peakMemory) {
  private static final Duration MEMORY_READ_EVERY = Duration.ofMillis(500);
  private static final long BYTES_PER_KIBIBYTE = 1024;

  /// Runs to the end.
  ///
  /// @param java launcher of the builder's JVM
  /// @param arguments the JVM's arguments
  /// @param work folder that receives the arguments, too many for a command line, and the log
  /// @throws ImageBuildException with the useful lines of the log when the builder fails
  static BuilderRun run(Path java, List<String> arguments, Path work, PrintStream progress) {
    Path argumentFile = work.resolve("builder.arguments");
    Path log = work.resolve("builder.log");
    try {
      Files.write(argumentFile, arguments.stream().map(BuilderRun::quoted).toList());
      ProcessBuilder builder =
          new ProcessBuilder(java.toString(), "@" + argumentFile).redirectErrorStream(true);
      /* The image keeps the builder's encoding of file names. */
      builder.environment().put("LC_ALL", "C.UTF-8");
      builder.environment().remove("JAVA_TOOL_OPTIONS");
      builder.environment().remove("JDK_JAVA_OPTIONS");
      builder.directory(work.toFile());
      Process process = builder.start();
      /* A build that is broken off must not leave the builder running. */
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      process.getOutputStream().close();
      MemoryWatch memory = new MemoryWatch(process.pid());
      Thread watch = Thread.ofVirtual().start(memory);
      copy(process, log, progress);
      int code = process.waitFor();
      watch.interrupt();
      watch.join();
      if (code != 0) {
        throw failure(code, log);
      }
      return new BuilderRun(memory.peak);
    } catch (IOException e) {
      throw new UncheckedIOException("the image builder cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImageBuildException("interrupted while the image builder was running", e);
    }
  }

  private static void copy(Process process, Path log, PrintStream progress) throws IOException {
    try (BufferedReader output = process.inputReader();
        BufferedWriter writer = Files.newBufferedWriter(log)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        writer.write(line);
        writer.newLine();
        if (BuilderLog.isStage(line)) {
          writer.flush();
          progress.println("  " + line);
        }
      }
    }
  }

  private static ImageBuildException failure(int code, Path log) throws IOException {
    List<String> lines = BuilderLog.explanation(Files.readAllLines(log));
    return new ImageBuildException(
        "the image builder failed with code %d:%n%s%nwhole log: %s"
            .formatted(code, String.join(System.lineSeparator(), lines), log));
  }

  private static String quoted(String argument) {
    return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /// Reads a process's peak memory until interrupted: once the process has ended it is gone.
  private static final class MemoryWatch implements Runnable {
    private final Path status;
    private volatile long peak;

    MemoryWatch(long process) {
      status = Path.of("/proc", Long.toString(process), "status");
    }

    @Override
    public void run() {
      try {
        while (true) {
          Thread.sleep(MEMORY_READ_EVERY);
          for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmHWM:")) {
              peak = Long.parseLong(line.replaceAll("[^0-9]", "")) * BYTES_PER_KIBIBYTE;
            }
          }
        }
      } catch (InterruptedException | IOException _) {
        /* The process has ended: the last value stands. */
      }
    }
  }
}
