package dev.dltjava.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The JDK's native libraries under names of the project's own. The image calls their functions,
/// and another JVM in the process has libraries of the same original names: with those names the
/// dynamic linker would take one for the other, and the process would crash.
final class PrivateJdkLibraries {
  /// Libraries that an image may call, under the JDK's short names, and the module each is part of.
  static final SortedMap<String, String> LIBRARIES =
      new TreeMap<>(
          Map.of(
              "java", "java.base",
              "net", "java.base",
              "nio", "java.base",
              "zip", "java.base",
              "extnet", "jdk.net",
              "management", "java.management",
              "management_ext", "jdk.management",
              "prefs", "java.prefs"));

  /// Short name of the virtual machine's library, which a shim stands for.
  static final String VIRTUAL_MACHINE = "jvm";

  /* As long as "lib", so that names can be replaced in place. */
  private static final String ORIGINAL_PREFIX = "lib";
  private static final String PRIVATE_PREFIX = "dlj";
  private static final String SUFFIX = ".so";

  private final Path folder;

  private PrivateJdkLibraries(Path folder) {
    this.folder = folder;
  }

  /// Copies the libraries of the JDK into the folder under private names.
  static PrivateJdkLibraries copy(Path jdkHome, Path folder) {
    Map<String, String> names = new TreeMap<>();
    names.put(originalName(VIRTUAL_MACHINE), privateName(VIRTUAL_MACHINE));
    LIBRARIES.keySet().forEach(name -> names.put(originalName(name), privateName(name)));
    try {
      for (String name : LIBRARIES.keySet()) {
        Path original = jdkHome.resolve("lib").resolve(originalName(name));
        byte[] renamed =
            ElfStrings.rename(Files.readAllBytes(original), names, original.toString());
        verify(ElfFile.of(renamed, privateName(name)), privateName(name));
        Files.write(folder.resolve(privateName(name)), renamed);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the JDK's native libraries cannot be copied", e);
    }
    return new PrivateJdkLibraries(folder);
  }

  private static void verify(ElfFile library, String name) {
    if (!library.soname().orElse("").equals(name)) {
      throw new ImageBuildException(name + " is still named " + library.soname().orElse("nothing"));
    }
    /* The JDK's libraries find each other beside themselves; so must the copies. */
    if (!library.runPath().orElse("").equals("$ORIGIN")) {
      throw new ImageBuildException(
          name + " looks for libraries in " + library.runPath().orElse("the system's folders"));
    }
  }

  /// Returns the file name that a library has in the JDK.
  static String originalName(String library) {
    return ORIGINAL_PREFIX + library + SUFFIX;
  }

  /// Returns the file name that a library has beside the image.
  static String privateName(String library) {
    return PRIVATE_PREFIX + library + SUFFIX;
  }

  /// Returns the folder that holds the libraries.
  Path folder() {
    return folder;
  }

  /// Returns the renamed libraries, without the virtual machine's shim.
  List<Path> files() {
    return LIBRARIES.keySet().stream().map(name -> folder.resolve(privateName(name))).toList();
  }

  /// Returns the symbols of the virtual machine that the libraries ask for.
  SortedSet<String> neededOfVirtualMachine() {
    SortedSet<String> symbols = new TreeSet<>();
    for (Path file : files()) {
      for (String symbol : ElfFile.read(file).undefinedSymbols()) {
        if (symbol.startsWith("JVM_") || symbol.startsWith("jio_")) {
          symbols.add(symbol);
        }
      }
    }
    return symbols;
  }

  /// Returns the text of the header that `jdk_libraries.c` includes.
  static String header() {
    StringBuilder text = new StringBuilder();
    LIBRARIES
        .keySet()
        .forEach(name -> text.append("LIBRARY(%s, \"%s\")\n".formatted(name, privateName(name))));
    return text.toString();
  }

  /// Returns the libraries of the folder that a library needs, those that these need included.
  List<Path> neededBy(Path library) {
    SortedSet<Path> found = new TreeSet<>();
    Deque<Path> unread = new ArrayDeque<>(List.of(library));
    while (!unread.isEmpty()) {
      for (String name : ElfFile.read(unread.remove()).needed()) {
        Path file = folder.resolve(name);
        if (Files.isRegularFile(file) && found.add(file)) {
          unread.add(file);
        }
      }
    }
    return new ArrayList<>(found);
  }
}
