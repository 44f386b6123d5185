package dev.dltjava.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/// A JDK home with the builder's additions, made of symbolic links into the real JDK.
///
/// The builder finds its own parts below `java.home`, which cannot be set by an option: the JVM
/// derives it from the real path of `libjvm.so`, and the launcher from its own. These two files are
/// copied, all others are links. No static JDK libraries are needed, because the builder stops
/// before it links.
///
/// @param home the folder that is `java.home` for the builder
/// @param headers folder of the builder's C headers, as `-H:CLibraryPath` takes it
record BuilderHome(Path home, Path headers) {
  private static final Set<String> COPIED =
      Set.of("bin/java", "lib/libjli.so", "lib/server/libjvm.so");
  private static final Set<String> REAL_FOLDERS = Set.of("bin", "lib", "lib/server");
  private static final String JVMCI_MODULE = "jdk.internal.vm.ci";
  private static final String NEEDED_VERSION = "25";

  /// Assembles the home in an empty folder.
  ///
  /// @param support folder of the extracted [SupportFiles] and the [CpuFeatureHeaders]
  static BuilderHome assemble(Path jdkHome, Path support, CCompiler compiler, Path folder) {
    check(jdkHome);
    try {
      link(jdkHome, jdkHome, folder);
      Path reporter = folder.resolve("lib/svm/builder/lib/libreporterchelper.so");
      Files.createDirectories(reporter.getParent());
      compiler.compileLibrary(
          support.resolve(SupportFiles.PROGRESS_REPORTER),
          List.of(jdkHome.resolve("include"), jdkHome.resolve("include/linux")),
          List.of(),
          reporter);
      Path headers = folder.resolve("lib/svm/clibraries/linux-amd64");
      Path includes = Files.createDirectories(headers.resolve("include"));
      for (Path file : Folders.entries(support)) {
        if (file.toString().endsWith(".h")) {
          Files.copy(file, includes.resolve(file.getFileName()));
        }
      }
      return new BuilderHome(folder, headers);
    } catch (IOException e) {
      throw new UncheckedIOException("the builder's home cannot be assembled", e);
    }
  }

  /// Returns the launcher of the builder's JVM.
  Path java() {
    return home.resolve("bin/java");
  }

  private static void check(Path jdkHome) throws ImageBuildException {
    Properties release = new Properties();
    try (var reader = Files.newBufferedReader(jdkHome.resolve("release"))) {
      release.load(reader);
    } catch (IOException e) {
      throw new ImageBuildException(jdkHome + " is not the home of a JDK", e);
    }
    String version = release.getProperty("JAVA_VERSION", "").replace("\"", "");
    if (!version.equals(NEEDED_VERSION) && !version.startsWith(NEEDED_VERSION + ".")) {
      throw new ImageBuildException(
          "the builder needs JDK " + NEEDED_VERSION + ", but " + jdkHome + " is " + version);
    }
    if (!List.of(release.getProperty("MODULES", "").replace("\"", "").split(" "))
        .contains(JVMCI_MODULE)) {
      throw new ImageBuildException(
          jdkHome
              + " has no module "
              + JVMCI_MODULE
              + " (JVMCI), which the builder needs; Eclipse Temurin's JDK has it");
    }
    if (!Files.isDirectory(jdkHome.resolve("include"))) {
      throw new ImageBuildException(jdkHome + " lacks the folder include with the JNI headers");
    }
  }

  private static void link(Path jdkHome, Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path entry : Folders.entries(from)) {
      Path target = to.resolve(entry.getFileName());
      String name = jdkHome.relativize(entry).toString();
      if (REAL_FOLDERS.contains(name)) {
        link(jdkHome, entry, target);
      } else if (COPIED.contains(name)) {
        Files.copy(entry, target);
      } else {
        Files.createSymbolicLink(target, entry);
      }
    }
  }
}
