package dev.dltjava.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Keeps the arrows between the packages pointing one way, and the packages described.
final class ArchitectureTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/dltjava");

  /// Each package, and the packages of ours that it may use. A package may only use those above it.
  private static final List<Map.Entry<String, Set<String>>> ARROWS =
      List.of(
          Map.entry("error", Set.of()),
          Map.entry("limits", Set.of("error")),
          Map.entry("identity", Set.of()),
          Map.entry("time", Set.of()),
          Map.entry("schema", Set.of()),
          Map.entry("naming", Set.of("identity")),
          Map.entry("json", Set.of("error", "limits")),
          Map.entry("contract", Set.of("error", "json", "limits")),
          Map.entry("arrow", Set.of("error", "limits")),
          Map.entry("http", Set.of("error", "limits")),
          Map.entry("rest", Set.of("error", "http", "json", "limits", "naming")),
          Map.entry("column", Set.of("schema")),
          Map.entry(
              "normalize",
              Set.of(
                  "arrow",
                  "column",
                  "error",
                  "identity",
                  "json",
                  "limits",
                  "naming",
                  "schema",
                  "time")),
          Map.entry("transform", Set.of("error", "json", "limits", "normalize", "time")),
          Map.entry(
              "pipeline",
              Set.of(
                  "arrow",
                  "contract",
                  "error",
                  "http",
                  "identity",
                  "json",
                  "limits",
                  "naming",
                  "normalize",
                  "rest",
                  "schema",
                  "transform")));

  private static final Pattern OWN_TYPE = Pattern.compile("\\bdev\\.dltjava\\.([a-z]+)\\.");

  private static final Pattern OUTSIDE =
      Pattern.compile(
          "\\b(org\\.graalvm|com\\.oracle\\.svm|java\\.lang\\.reflect|System\\.getenv)\\b");

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  @Test
  void describesEveryPackageAndKnowsItsArrows() throws IOException {
    Set<String> packages = new TreeSet<>();
    try (Stream<Path> folders = Files.list(SOURCES)) {
      folders.forEach(folder -> packages.add(folder.getFileName().toString()));
    }
    assertThat(packages)
        .containsExactlyInAnyOrderElementsOf(ARROWS.stream().map(Map.Entry::getKey).toList());
    for (String name : packages) {
      assertThat(Files.readString(SOURCES.resolve(name).resolve("package-info.java")))
          .as("package-info of %s", name)
          .contains("@NullMarked")
          .containsPattern("(?i)start\\s+(///\\s)?at")
          .containsPattern("(?i)depends?\\s+(///\\s)?on");
    }
  }

  @Test
  void pointsAllArrowsOneWay() throws IOException {
    List<String> above = new ArrayList<>();
    for (Map.Entry<String, Set<String>> arrows : ARROWS) {
      assertThat(above).as("arrows of %s", arrows.getKey()).containsAll(arrows.getValue());
      for (Path file : files(SOURCES.resolve(arrows.getKey()))) {
        Set<String> used = new TreeSet<>();
        Matcher types = OWN_TYPE.matcher(Files.readString(file));
        while (types.find()) {
          used.add(types.group(1));
        }
        used.remove(arrows.getKey());
        assertThat(arrows.getValue()).as("what %s uses", file).containsAll(used);
      }
      above.add(arrows.getKey());
    }
  }

  @Test
  void keepsGraalVmReflectionAndTheEnvironmentOut() throws IOException {
    for (Path file : files(SOURCES)) {
      assertThat(OUTSIDE.matcher(Files.readString(file)).find()).as("%s", file).isFalse();
    }
  }

  /// A drawing that names what is gone would mislead a newcomer.
  @Test
  void hasEveryTypeThatTheArchitecturePageNames() throws IOException {
    Matcher rows =
        Pattern.compile("(?m)^\\| `([a-z]+)` \\| `([A-Za-z]+)` \\|")
            .matcher(Files.readString(Path.of("../ARCHITECTURE.md")));
    Set<String> described = new TreeSet<>();
    while (rows.find()) {
      described.add(rows.group(1));
      assertThat(SOURCES.resolve(rows.group(1)).resolve(rows.group(2) + ".java")).exists();
    }
    assertThat(described)
        .containsExactlyInAnyOrderElementsOf(ARROWS.stream().map(Map.Entry::getKey).toList());
  }
}
