package dev.dltjava.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// Collects the licence texts of what is shipped: the JDK's modules, GraalVM's run-time parts
/// inside the library, and the jars of the class path.
final class Licenses {
  private static final Pattern LICENSE_FILE =
      Pattern.compile("(META-INF/)?[A-Za-z-]*(LICENSE|NOTICE|COPYING)[A-Za-z.-]*");

  private static final String GRAALVM =
      """
      The library contains run-time parts of GraalVM Community Edition %s
      (https://github.com/oracle/graal), compiled from these artifacts of the group
      org.graalvm on Maven Central:

      %s

      They are licensed under the GNU General Public License, version 2, with the Classpath
      Exception; the SDK parts (collections, nativeimage, word) under the Universal Permissive
      License 1.0. The text of the former is the one of the JDK, see java.base/LICENSE.
      """;

  private Licenses() {}

  /// Writes the texts into the folder.
  ///
  /// @param modules names of the JDK's modules whose libraries are shipped
  static void collect(BuildRequest request, BuilderJars jars, List<String> modules, Path folder) {
    try {
      SortedSet<String> all = new TreeSet<>(modules);
      /* Compiled into the image, whichever libraries are shipped. */
      all.add("java.base");
      for (String module : all) {
        copyModule(request.jdkHome().resolve("legal").resolve(module), folder.resolve(module));
      }
      for (Path entry : request.classPath()) {
        if (Files.isRegularFile(entry)) {
          copyJar(entry, folder);
        }
      }
      List<String> names = jars.files().stream().map(jar -> "  " + jar.getFileName()).toList();
      Path graalvm = Files.createDirectories(folder.resolve("graalvm"));
      Files.writeString(
          graalvm.resolve("NOTICE"), GRAALVM.formatted(jars.version(), String.join("\n", names)));
    } catch (IOException e) {
      throw new UncheckedIOException("licence files cannot be collected", e);
    }
  }

  private static void copyModule(Path legal, Path folder) throws IOException {
    if (!Files.isDirectory(legal)) {
      throw new ImageBuildException("the JDK lacks its licence files " + legal);
    }
    Files.createDirectories(folder);
    for (Path file : Folders.entries(legal)) {
      Files.write(folder.resolve(file.getFileName()), Files.readAllBytes(file));
    }
  }

  private static void copyJar(Path file, Path folder) throws IOException {
    String name = file.getFileName().toString().replaceFirst("\\.jar$", "");
    try (ZipFile jar = new ZipFile(file.toFile())) {
      List<? extends ZipEntry> entries =
          new ArrayList<>(
              jar.stream()
                  .filter(entry -> LICENSE_FILE.matcher(entry.getName()).matches())
                  .toList());
      for (ZipEntry entry : entries) {
        Path target = folder.resolve(name).resolve(Path.of(entry.getName()).getFileName());
        Files.createDirectories(target.getParent());
        Files.copy(jar.getInputStream(entry), target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
