package dev.dltjava.image;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads a [BuildRequest] from `--name value` pairs. A name that is given twice adds a value where
/// [#HELP] says "repeat", and is an error elsewhere.
final class CommandLine {
  static final String HELP =
      """
      Builds a native library from Java classes and C files.

      usage: java -cp CLASSES dev.dltjava.image.ImageBuilder --name value ...

      required
        --builder-jars FOLDER      svm and its dependencies
        --class-path PATHS         jars and folders of the image, separated by ':'; FOLDER/* stands
                                   for the jars in it (repeat)
        --library NAME             file name of the library, lib....so
        --output FOLDER            receives the libraries, image.properties and licenses/
        --work FOLDER              intermediate files and the builder's log
        --version-script FILE      linker script that lists the exported symbols
        --c-source FILE            C file of the library, or a folder of them (repeat)

      optional
        --include FOLDER           headers for the C files (repeat)
        --c-option OPTION          further option of the C compiler (repeat)
        --c-compiler NAME          default: gcc
        --jdk FOLDER               JDK 25 with JVMCI; default: the JDK that runs this program
        --maximum-heap SIZE        largest Java heap of the image; default: 256m
        --machine NAME             instruction set; default: haswell (x86-64-v3 with AES and CLMUL)
        --builder-memory SIZE      largest heap of the builder; default: 6g
        --builder-option OPTION    further option of the image builder, as in
                                   -H:+ReportExceptionStackTraces or
                                   --initialize-at-build-time=org.example (repeat)
        --builder-jvm-option OPT   further option of the builder's JVM, as in -Dname=value (repeat)
        --help                     this text

      Nothing is written outside the work and output folders. A second run with the same inputs
      does nothing.
      """;

  private static final Set<String> REPEATABLE =
      Set.of(
          "class-path", "c-source", "include", "c-option", "builder-option", "builder-jvm-option");

  private static final Set<String> SINGLE =
      Set.of(
          "builder-jars",
          "library",
          "output",
          "work",
          "version-script",
          "c-compiler",
          "jdk",
          "maximum-heap",
          "machine",
          "builder-memory");

  private static final String ALL_JARS = "/*";
  private static final Pattern LIBRARY_NAME = Pattern.compile("lib[A-Za-z0-9_]+\\.so");
  private static final Pattern MEMORY_SIZE = Pattern.compile("[1-9][0-9]*[kmgKMG]?");

  private final TreeMap<String, List<String>> values = new TreeMap<>();

  private CommandLine(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i += 2) {
      String argument = arguments.get(i);
      String name = argument.startsWith("--") ? argument.substring(2) : "";
      if (!REPEATABLE.contains(name) && !SINGLE.contains(name)) {
        throw new ImageBuildException("unknown argument '" + argument + "'; --help lists them");
      }
      if (i + 1 == arguments.size()) {
        throw new ImageBuildException("--" + name + " needs a value");
      }
      List<String> named = values.computeIfAbsent(name, _ -> new ArrayList<>());
      named.add(arguments.get(i + 1));
      if (SINGLE.contains(name) && named.size() > 1) {
        throw new ImageBuildException("--" + name + " is given twice");
      }
    }
  }

  /// Reads and checks the arguments.
  ///
  /// @throws ImageBuildException when one is unknown, missing or wrong
  static BuildRequest parse(List<String> arguments) {
    return new CommandLine(arguments).request();
  }

  private BuildRequest request() {
    return new BuildRequest(
        folder(optional("jdk").orElse(System.getProperty("java.home")), "jdk"),
        folder(required("builder-jars"), "builder-jars"),
        path(required("work")),
        path(required("output")),
        matching("library", required("library"), LIBRARY_NAME),
        classPath(),
        cSources(),
        all("include").stream().map(value -> folder(value, "include")).toList(),
        all("c-option"),
        file(required("version-script"), "version-script"),
        matching("maximum-heap", optional("maximum-heap").orElse("256m"), MEMORY_SIZE),
        optional("machine").orElse("haswell"),
        matching("builder-memory", optional("builder-memory").orElse("6g"), MEMORY_SIZE),
        all("builder-option"),
        all("builder-jvm-option"),
        optional("c-compiler").orElse("gcc"));
  }

  private List<Path> classPath() {
    required("class-path");
    return all("class-path").stream()
        .flatMap(value -> Stream.of(value.split(File.pathSeparator)))
        .filter(entry -> !entry.isBlank())
        .flatMap(CommandLine::classPathEntry)
        .distinct()
        .toList();
  }

  private static Stream<Path> classPathEntry(String entry) {
    if (!entry.endsWith(ALL_JARS)) {
      return Stream.of(existing(path(entry), "class-path"));
    }
    String folder = entry.substring(0, entry.length() - ALL_JARS.length());
    return Folders.entries(folder(folder, "class-path")).stream()
        .filter(file -> file.toString().endsWith(".jar"));
  }

  private List<Path> cSources() {
    required("c-source");
    List<Path> sources = new ArrayList<>();
    for (String value : all("c-source")) {
      Path path = existing(path(value), "c-source");
      sources.addAll(
          Files.isDirectory(path)
              ? Folders.files(path).stream().filter(CommandLine::isCFile).toList()
              : List.of(path));
    }
    if (sources.isEmpty()) {
      throw new ImageBuildException("--c-source names no C file: " + all("c-source"));
    }
    return sources;
  }

  private static boolean isJar(Path file) {
    return file.toString().endsWith(".jar");
  }

  private static boolean isCFile(Path file) {
    return file.toString().endsWith(".c");
  }

  private List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  private Optional<String> optional(String name) {
    return all(name).stream().findFirst();
  }

  private String required(String name) {
    return optional(name)
        .orElseThrow(() -> new ImageBuildException("--" + name + " is missing; see --help"));
  }

  private static String matching(String name, String value, Pattern pattern) {
    if (!pattern.matcher(value).matches()) {
      throw new ImageBuildException("--" + name + " '" + value + "' does not match " + pattern);
    }
    return value;
  }

  private static Path path(String value) {
    return Path.of(value).toAbsolutePath().normalize();
  }

  private static Path existing(Path path, String name) {
    if (!Files.exists(path)) {
      throw new ImageBuildException("--" + name + ": " + path + " does not exist");
    }
    return path;
  }

  private static Path folder(String value, String name) {
    Path path = path(value);
    if (!Files.isDirectory(path)) {
      throw new ImageBuildException("--" + name + ": " + path + " is not a folder");
    }
    return path;
  }

  private static Path file(String value, String name) {
    Path path = path(value);
    if (!Files.isRegularFile(path)) {
      throw new ImageBuildException("--" + name + ": " + path + " is not a file");
    }
    return path;
  }
}
