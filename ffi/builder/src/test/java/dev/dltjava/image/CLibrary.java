package dev.dltjava.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Compiles small shared libraries and programs for tests.
final class CLibrary {
  static final CCompiler COMPILER = new CCompiler("gcc");

  private CLibrary() {}

  /// Compiles source text into a library that is named after its file.
  static Path compile(Path folder, String name, String source, String... linkOptions)
      throws IOException {
    Path file = Files.writeString(folder.resolve(name.replace(".so", ".c")), source);
    List<String> options = new ArrayList<>(List.of("-Wl,-soname," + name, "-Wl,-rpath,$ORIGIN"));
    options.addAll(List.of(linkOptions));
    Path library = folder.resolve(name);
    COMPILER.compileLibrary(file, List.of(), options, library);
    return library;
  }
}
