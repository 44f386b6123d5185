package dev.dltjava.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// The C files that the image needs beside it, kept as resources of this program.
final class SupportFiles {
  /// Files linked into the library.
  static final List<String> LIBRARY_SOURCES =
      List.of(
          "cpu_features.c",
          "jdk_libraries.c",
          "jvm_functions.c",
          "locale_and_time_zone.c",
          "signals.c",
          "system_calls.c");

  /// The stand-in for libjvm, with its symbol versions.
  static final String JVM_SHIM = "jvm_shim.c";

  static final String JVM_SHIM_VERSIONS = "jvm_shim.map";

  /// The library of the builder's own report.
  static final String PROGRESS_REPORTER = "progress_reporter.c";

  /// A header that the builder reads.
  static final String LOCALE_HEADER = "svm_locale.h";

  private SupportFiles() {}

  /// Copies every file into the folder.
  static void extract(Path folder) {
    LIBRARY_SOURCES.forEach(name -> extract(name, folder));
    List.of(JVM_SHIM, JVM_SHIM_VERSIONS, PROGRESS_REPORTER, LOCALE_HEADER)
        .forEach(name -> extract(name, folder));
  }

  private static void extract(String name, Path folder) {
    try (InputStream content = SupportFiles.class.getResourceAsStream("support/" + name)) {
      if (content == null) {
        throw new ImageBuildException("this program lacks its file support/" + name);
      }
      Files.copy(content, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
