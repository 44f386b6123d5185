package dev.dltjava.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs the C compiler, and shows its words when it refuses.
///
/// @param command name or path of the compiler
record CCompiler(String command) {
  /// For code that ends up in a shared library; unused functions are dropped by the linker.
  private static final List<String> CODE_OPTIONS =
      List.of("-O2", "-fPIC", "-std=gnu11", "-ffunction-sections", "-fdata-sections");

  private static final List<String> WARNINGS = List.of("-Wall", "-Wextra", "-Werror");

  /// Compiles one file and returns the object, which lies in the folder under the source's name.
  Path compile(Path source, List<Path> includeFolders, List<String> options, Path objectFolder) {
    String name = source.getFileName().toString();
    Path object = objectFolder.resolve(name.substring(0, name.length() - ".c".length()) + ".o");
    List<String> arguments = new ArrayList<>(CODE_OPTIONS);
    arguments.addAll(WARNINGS);
    includeFolders.forEach(folder -> arguments.add("-I" + folder));
    arguments.addAll(options);
    arguments.addAll(List.of("-c", source.toString(), "-o", object.toString()));
    run(arguments);
    return object;
  }

  /// Compiles and links one file into a shared library.
  void compileLibrary(
      Path source, List<Path> includeFolders, List<String> linkOptions, Path library) {
    List<String> arguments = new ArrayList<>(CODE_OPTIONS);
    arguments.addAll(WARNINGS);
    includeFolders.forEach(folder -> arguments.add("-I" + folder));
    arguments.addAll(List.of("-shared", source.toString()));
    arguments.addAll(linkOptions);
    arguments.addAll(List.of("-o", library.toString()));
    run(arguments);
  }

  /// Runs the compiler with these arguments.
  ///
  /// @throws ImageBuildException with the compiler's output when it fails
  void run(List<String> arguments) {
    List<String> line = new ArrayList<>();
    line.add(command);
    line.addAll(arguments);
    try {
      ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
      /* Messages are shown as they are; keep them in one language. */
      builder.environment().put("LC_ALL", "C.UTF-8");
      Process process = builder.start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int code = process.waitFor();
      if (code != 0) {
        throw new ImageBuildException(
            "the C compiler failed with code " + code + ":\n" + output + "\n" + join(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the C compiler '" + command + "' cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImageBuildException("interrupted while the C compiler was running", e);
    }
  }

  private static String join(List<String> line) {
    return "command: " + String.join(" ", line);
  }
}
