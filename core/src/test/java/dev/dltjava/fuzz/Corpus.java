package dev.dltjava.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/// The inputs of a fuzz target that reach different code, found by earlier runs or written down:
/// one a line, in Base64, in `src/test/resources/fuzz`.
final class Corpus {
  private static final Path FOLDER = Path.of("src", "test", "resources", "fuzz");

  private final Path file;

  private Corpus(Path file) {
    this.file = file;
  }

  static Corpus of(String target) {
    return new Corpus(FOLDER.resolve(target.substring(target.lastIndexOf('.') + 1) + ".txt"));
  }

  /// Writes each input to a file of its own in a new folder.
  Path unpack(Path folder) throws IOException {
    Files.createDirectories(folder);
    int count = 0;
    for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
      Files.write(folder.resolve(String.valueOf(count++)), Base64.getDecoder().decode(line));
    }
    assertThat(count).isPositive();
    return folder;
  }

  /// Takes the inputs in the files of a folder.
  void pack(Path folder) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path input : files.toList()) {
        lines.add(Base64.getEncoder().encodeToString(Files.readAllBytes(input)));
      }
    }
    lines.sort(null);
    Files.write(file, lines, StandardCharsets.US_ASCII);
  }
}
