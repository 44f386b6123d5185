package dev.dltjava.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/// The options that open every package of the JDK to the builder. It uses JDK internals throughout;
/// the command that would pass these options is not published, so they are derived from the JDK.
final class JdkExports {
  private static final List<String> BUILDER_MODULES =
      List.of(
          "org.graalvm.nativeimage.builder",
          "org.graalvm.nativeimage.base",
          "jdk.graal.compiler",
          "org.graalvm.nativeimage.pointsto",
          "org.graalvm.nativeimage.objectfile",
          "org.graalvm.nativeimage.configure",
          "org.graalvm.nativeimage",
          "org.graalvm.truffle.compiler",
          "org.graalvm.word",
          "org.graalvm.collections",
          "org.graalvm.espresso.shared.svm");

  /// The JDK's own modules of this name are placeholders, replaced by the builder's.
  private static final String REPLACED_MODULES = "jdk.graal";

  private JdkExports() {}

  /// Returns `--add-exports` options for all packages of the JDK, in the order of their names.
  static List<String> options(Path jdkHome) {
    String builder = String.join(",", BUILDER_MODULES);
    SortedSet<String> options = new TreeSet<>();
    try (FileSystem modules =
            FileSystems.newFileSystem(
                URI.create("jrt:/"), Map.of("java.home", jdkHome.toString()));
        DirectoryStream<Path> folders = Files.newDirectoryStream(modules.getPath("/modules"))) {
      for (Path folder : folders) {
        ModuleDescriptor module = descriptor(folder.resolve("module-info.class"));
        if (!module.name().startsWith(REPLACED_MODULES)) {
          for (String name : module.packages()) {
            options.add("--add-exports=" + module.name() + "/" + name + "=" + builder);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the modules of " + jdkHome + " cannot be read", e);
    }
    return List.copyOf(options);
  }

  private static ModuleDescriptor descriptor(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      return ModuleDescriptor.read(content);
    }
  }
}
