package dev.dltjava.image;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The builder's jars in one folder.
///
/// @param files all jars of the folder
/// @param main the builder itself, `svm`
/// @param compiler the compiler that replaces the JDK's placeholder module
/// @param version version of the builder, such as `25.0.2`
record BuilderJars(List<Path> files, Path main, Path compiler, String version) {
  private static final Pattern MAIN = Pattern.compile("svm-([0-9][0-9.]*)\\.jar");
  private static final Pattern COMPILER = Pattern.compile("compiler-([0-9][0-9.]*)\\.jar");

  BuilderJars {
    files = List.copyOf(files);
  }

  /// Finds the jars.
  ///
  /// @throws ImageBuildException when the builder or its compiler is not there exactly once
  static BuilderJars of(Path folder) {
    List<Path> jars =
        Folders.entries(folder).stream()
            .filter(file -> file.getFileName().toString().endsWith(".jar"))
            .toList();
    Path main = only(jars, MAIN, folder);
    Matcher matcher = MAIN.matcher(main.getFileName().toString());
    String version = matcher.matches() ? matcher.group(1) : "";
    return new BuilderJars(jars, main, only(jars, COMPILER, folder), version);
  }

  private static Path only(List<Path> jars, Pattern name, Path folder) {
    List<Path> found =
        jars.stream().filter(jar -> name.matcher(jar.getFileName().toString()).matches()).toList();
    if (found.size() != 1) {
      throw new ImageBuildException(
          "%s holds %d jars named %s, and should hold one".formatted(folder, found.size(), name));
    }
    return found.getFirst();
  }
}
