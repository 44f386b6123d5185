package dev.dltjava.ffi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.error.ErrorCode;
import dev.dltjava.replica.Replica;
import dev.dltjava.replica.ReplicaOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The built library, from the outside: its exports, its header, and C callers.
final class LibraryTest {
  private static final Path NATIVE = Path.of("target/native").toAbsolutePath();
  private static final Path LIBRARY = NATIVE.resolve("libdlt_java.so");
  private static final Path HEADER = Path.of("include/dlt_java.h");

  /// What the README promises of an unpacked wheel.
  private static final long LARGEST_BYTES = 60L << 20;

  @TempDir private Path folder;

  private String run(String... command) throws IOException, InterruptedException {
    return Command.of(command).run(folder).succeeded();
  }

  private static Set<String> matches(Pattern pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  @Test
  void exportsWhatTheHeaderDeclaresAndNothingElse() throws IOException, InterruptedException {
    Set<String> declared =
        matches(
            Pattern.compile("DLTJ_EXPORT [a-z0-9_ *]*?\\*?(dltj_[a-z_]+)\\("),
            Files.readString(HEADER));
    Set<String> exported =
        matches(
            Pattern.compile("^[0-9a-f]+ [A-Z] (\\S+)$", Pattern.MULTILINE),
            run("nm", "-D", "--defined-only", LIBRARY.toString()));
    assertThat(declared).hasSize(15);
    assertThat(exported).isEqualTo(declared);
  }

  @Test
  void numbersErrorsAsTheHeaderAndItsReferenceDo() throws IOException {
    String header = Files.readString(HEADER);
    String reference = Files.readString(Path.of("../docs/reference/errors.md"));
    Set<String> declared = matches(Pattern.compile("#define (DLTJ_ERROR_[A-Z]+ [0-9]+)"), header);
    Set<String> known = new TreeSet<>();
    for (ErrorCode code : ErrorCode.values()) {
      known.add("DLTJ_ERROR_" + code.name() + " " + code.number());
      assertThat(reference)
          .contains("| " + code.number() + " | `DLTJ_ERROR_" + code.name() + "` |");
    }
    assertThat(declared).isEqualTo(known);
  }

  @Test
  void hasAHeaderForCAndForCPlusPlus() throws IOException, InterruptedException {
    run(
        "gcc",
        "-std=c11",
        "-Wall",
        "-Wextra",
        "-Wpedantic",
        "-Werror",
        "-fsyntax-only",
        "-x",
        "c",
        HEADER.toString());
    run(
        "g++",
        "-std=c++11",
        "-Wall",
        "-Wextra",
        "-Wpedantic",
        "-Werror",
        "-fsyntax-only",
        "-x",
        "c++",
        HEADER.toString());
  }

  private String reader() throws IOException, InterruptedException {
    String program = folder.resolve("read_source").toString();
    run(
        "gcc",
        "-std=c11",
        "-D_GNU_SOURCE",
        "-Wall",
        "-Wextra",
        "-Wpedantic",
        "-Werror",
        "-O1",
        "-Iinclude",
        "src/test/c/read_source.c",
        "-L" + NATIVE,
        "-ldlt_java",
        "-Wl,-rpath," + NATIVE,
        "-Wl,-rpath-link," + NATIVE,
        "-lpthread",
        "-o",
        program);
    return program;
  }

  @Test
  void servesCCallersThroughTheHeaderAlone() throws IOException, InterruptedException {
    String program = reader();
    try (Replica replica = Replica.start(ReplicaOptions.DEFAULT)) {
      assertThat(run(program, replica.baseUrl())).contains("0 failed").doesNotContain("FAILED");
    }
  }

  @Test
  void misusesAndLosesNoMemoryUnderTheEyesOfMemcheck() throws IOException, InterruptedException {
    String program = reader();
    try (Replica replica = Replica.start(ReplicaOptions.DEFAULT)) {
      String report =
          run(
              "valgrind",
              // It has the memory of its parent's runtime, and none of the threads that used it.
              "--child-silent-after-fork=yes",
              "--leak-check=full",
              "--show-leak-kinds=definite",
              "--errors-for-leak-kinds=definite",
              program,
              replica.baseUrl());
      assertThat(report).contains("0 failed").contains("ERROR SUMMARY: 0 errors");
    }
  }

  @Test
  void staysWithinItsSize() throws IOException {
    try (Stream<Path> files = Files.list(NATIVE)) {
      long bytes = files.mapToLong(file -> file.toFile().length()).sum();
      assertThat(bytes).isLessThan(LARGEST_BYTES);
    }
  }

  @Test
  void hasTheVersionOfTheBuild() throws IOException, InterruptedException {
    assertThat(System.getProperty("project.version")).startsWith(Version.TEXT);
    String packaged =
        Command.of("pkg-config", "--modversion", "dlt_java")
            .with("PKG_CONFIG_PATH", NATIVE.toString())
            .run(folder)
            .succeeded();
    assertThat(packaged.strip()).isEqualTo(Version.TEXT);
  }
}
