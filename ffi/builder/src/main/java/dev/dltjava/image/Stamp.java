package dev.dltjava.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// A digest of everything that a result depends on, kept in a file with the names and sizes of the
/// result's files. Paths are not part of it: a moved checkout is up to date.
///
/// There are two, because compiling the image takes minutes and linking it seconds: one for the
/// image's object, one for the library, which depends on the C files as well.
///
/// @param digest SHA-256 in hexadecimal
record Stamp(String digest) {
  /// Reads what the image's object depends on. C headers are not among it: Java code that describes
  /// structs by `@CContext` would not be compiled again when its header changes.
  static Stamp ofImage(BuildRequest request, BuilderJars jars) {
    Inputs inputs = new Inputs();
    inputs.text("library", request.libraryName());
    inputs.text("heap", request.maximumHeap());
    inputs.text("machine", request.machine());
    inputs.texts("builder-option", request.builderOptions());
    inputs.texts("builder-jvm-option", request.builderJvmOptions());
    inputs.content("jdk", request.jdkHome().resolve("release"));
    jars.files().forEach(jar -> inputs.size("builder", jar));
    request.classPath().forEach(entry -> inputs.content("class-path", entry));
    inputs.content("program", program());
    return new Stamp(inputs.digest());
  }

  /// Reads what the library depends on beside the image's object.
  static Stamp ofLibrary(BuildRequest request, Stamp image) {
    Inputs inputs = new Inputs();
    inputs.text("image", image.digest());
    inputs.text("compiler", request.cCompiler());
    inputs.texts("c-option", request.cOptions());
    request.cSources().forEach(source -> inputs.content("c-source", source));
    request.includeFolders().stream()
        .flatMap(folder -> headers(Folders.files(folder)))
        .forEach(header -> inputs.content("include", header));
    request.cSources().stream()
        .flatMap(source -> headers(Folders.entries(source.resolveSibling(""))))
        .distinct()
        .forEach(header -> inputs.content("c-header", header));
    inputs.content("version-script", request.versionScript());
    return new Stamp(inputs.digest());
  }

  /// Returns an identifier for the image that is the same for the same inputs.
  String buildId() {
    return UUID.nameUUIDFromBytes(digest.getBytes(StandardCharsets.US_ASCII)).toString();
  }

  /// Says whether the file holds this stamp and the files it lists are there.
  boolean isCurrent(Path file, Path output) {
    try {
      return Files.isRegularFile(file)
          && Files.readAllLines(file).equals(lines(outputs(file, output), output));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Deletes a stamp's file and the files it lists, so that none outlives its build.
  static void discard(Path file, Path output) {
    try {
      if (Files.isRegularFile(file)) {
        for (Path old : outputs(file, output)) {
          Files.deleteIfExists(old);
        }
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes this stamp with the outputs it stands for.
  void write(Path file, List<Path> outputs, Path output) {
    try {
      Files.write(file, lines(outputs, output));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> outputs(Path file, Path output) throws IOException {
    return Files.readAllLines(file).stream()
        .skip(1)
        .map(line -> output.resolve(line.substring(line.indexOf(' ') + 1)))
        .toList();
  }

  private List<String> lines(List<Path> outputs, Path output) throws IOException {
    List<String> lines = new ArrayList<>(List.of(digest));
    for (Path file : outputs) {
      long size = Files.isRegularFile(file) ? Files.size(file) : -1;
      lines.add(size + " " + output.relativize(file));
    }
    return lines;
  }

  private static Stream<Path> headers(List<Path> files) {
    return files.stream().filter(file -> file.toString().endsWith(".h"));
  }

  private static Path program() {
    try {
      return Path.of(Stamp.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Feeds named inputs to a digest; lengths keep neighbours apart.
  private static final class Inputs {
    private final MessageDigest digest = sha256();

    void text(String name, String value) {
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      digest.update((name + ':' + bytes.length + ':').getBytes(StandardCharsets.UTF_8));
      digest.update(bytes);
    }

    void texts(String name, List<String> values) {
      text(name, Integer.toString(values.size()));
      values.forEach(value -> text(name, value));
    }

    void size(String name, Path file) {
      try {
        text(name, file.getFileName() + " " + Files.size(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /// Reads a file, or all files of a folder with their names.
    void content(String name, Path path) {
      if (Files.isDirectory(path)) {
        for (Path file : Folders.files(path)) {
          text(name, path.relativize(file).toString());
          text(name, ofFile(file));
        }
      } else {
        text(name, path.getFileName().toString());
        text(name, ofFile(path));
      }
    }

    String digest() {
      return HexFormat.of().formatHex(digest.digest());
    }

    private static String ofFile(Path file) {
      MessageDigest content = sha256();
      try (InputStream stream = new DigestInputStream(Files.newInputStream(file), content)) {
        stream.transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return HexFormat.of().formatHex(content.digest());
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }
  }
}
