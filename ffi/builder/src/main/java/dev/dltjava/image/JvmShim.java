package dev.dltjava.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Builds the library that stands for libjvm: the functions of `jvm_shim.c`, and for every other
/// symbol that the JDK's libraries ask for a function that aborts and says its name.
final class JvmShim {
  /* A definition begins a line: type, name, parenthesis. */
  private static final Pattern DEFINITION =
      Pattern.compile("(?m)^[a-z][a-z ]*[ *]((?:JVM|jio)_[A-Za-z0-9_]+)\\(");

  private JvmShim() {}

  /// Compiles the shim into the folder of the private JDK libraries.
  ///
  /// @param support folder of the extracted [SupportFiles]; receives the generated header
  static Path build(CCompiler compiler, Path support, PrivateJdkLibraries libraries) {
    String name = PrivateJdkLibraries.privateName(PrivateJdkLibraries.VIRTUAL_MACHINE);
    Path library = libraries.folder().resolve(name);
    Path source = support.resolve(SupportFiles.JVM_SHIM);
    try {
      Files.writeString(
          support.resolve("jvm_shim_missing.h"),
          missing(libraries.neededOfVirtualMachine(), Files.readString(source)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    compiler.compileLibrary(
        source,
        List.of(support),
        List.of(
            "-Wl,--version-script=" + support.resolve(SupportFiles.JVM_SHIM_VERSIONS),
            "-Wl,-soname," + name,
            "-Wl,-z,relro,-z,now,--no-undefined,--gc-sections",
            "-s"),
        library);
    return library;
  }

  /// Returns a line for each symbol that is needed and not defined by the source.
  static String missing(SortedSet<String> needed, String source) {
    SortedSet<String> missing = new TreeSet<>(needed);
    missing.removeAll(definitions(source));
    StringBuilder text = new StringBuilder();
    missing.forEach(symbol -> text.append("MISSING(").append(symbol).append(")\n"));
    return text.toString();
  }

  private static SortedSet<String> definitions(String source) {
    SortedSet<String> defined = new TreeSet<>();
    Matcher matcher = DEFINITION.matcher(source);
    while (matcher.find()) {
      defined.add(matcher.group(1));
    }
    return defined;
  }
}
