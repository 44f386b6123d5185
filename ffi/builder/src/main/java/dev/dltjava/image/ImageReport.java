package dev.dltjava.image;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/// What is known of the finished files: what they need of a system, and how large they are.
///
/// @param libraries the shipped libraries, the image first
/// @param glibc lowest version of the GNU C library that has all symbols, such as `2.34`
record ImageReport(List<Path> libraries, String glibc) {
  private static final String GLIBC_PREFIX = "GLIBC_";
  private static final double BYTES_PER_MEGABYTE = 1_000_000;

  ImageReport {
    libraries = List.copyOf(libraries);
  }

  /// Reads the libraries.
  static ImageReport of(List<Path> libraries) {
    String highest = "0";
    for (Path library : libraries) {
      for (ElfFile.NeededVersion needed : ElfFile.read(library).neededVersions()) {
        if (needed.version().startsWith(GLIBC_PREFIX)) {
          String version = needed.version().substring(GLIBC_PREFIX.length());
          highest = compareVersions(version, highest) > 0 ? version : highest;
        }
      }
    }
    return new ImageReport(libraries, highest);
  }

  /// Compares versions number by number; a part that is no number, such as `PRIVATE`, is lowest.
  static int compareVersions(String left, String right) {
    String[] a = left.split("\\.");
    String[] b = right.split("\\.");
    for (int i = 0; i < Math.max(a.length, b.length); i++) {
      int order = Integer.compare(part(a, i), part(b, i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int part(String[] parts, int i) {
    return i < parts.length && parts[i].matches("[0-9]+") ? Integer.parseInt(parts[i]) : -1;
  }

  /// Writes the facts that packagers need, sorted and without a date.
  void write(Path file, BuildRequest request, BuilderJars jars, String buildId) {
    TreeMap<String, String> facts = new TreeMap<>();
    facts.put("build.id", buildId);
    facts.put("builder.version", jars.version());
    facts.put("cpu", request.machine());
    facts.put("glibc", glibc);
    facts.put("heap.maximum", request.maximumHeap());
    facts.put("jdk.version", jdkVersion(request.jdkHome()));
    facts.put(
        "libraries",
        String.join(" ", libraries.stream().map(path -> path.getFileName().toString()).toList()));
    try {
      Files.write(
          file,
          facts.entrySet().stream().map(fact -> fact.getKey() + "=" + fact.getValue()).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Prints the sizes, and what the system must provide.
  void print(PrintStream out) {
    long total = 0;
    for (Path library : libraries) {
      long size = size(library);
      total += size;
      out.printf(Locale.ROOT, "  %-24s %8.2f MB%n", library.getFileName(), megabytes(size));
    }
    out.printf(Locale.ROOT, "  %-24s %8.2f MB%n", "total", megabytes(total));
    ElfFile image = ElfFile.read(libraries.getFirst());
    out.printf(
        "  exports %s; %d symbols from %s; needs glibc %s%n",
        image.exportedSymbols(), image.undefinedSymbols().size(), image.needed(), glibc);
  }

  private static String jdkVersion(Path jdkHome) {
    try {
      return Files.readAllLines(jdkHome.resolve("release")).stream()
          .filter(line -> line.startsWith("JAVA_RUNTIME_VERSION="))
          .map(line -> line.substring(line.indexOf('=') + 1).replace("\"", ""))
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double megabytes(long bytes) {
    return bytes / BYTES_PER_MEGABYTE;
  }
}
