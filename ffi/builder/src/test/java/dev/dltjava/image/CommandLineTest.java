package dev.dltjava.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
  @TempDir Path folder;
  private Path script;

  @BeforeEach
  void writeInputs() throws IOException {
    script = Files.writeString(folder.resolve("a.map"), "");
    Files.writeString(folder.resolve("b.c"), "");
    Files.writeString(folder.resolve("a.c"), "");
  }

  @Test
  void readsRequiredArgumentsAndDefaults() {
    BuildRequest request = CommandLine.parse(arguments());

    assertThat(request.libraryName()).isEqualTo("libx.so");
    assertThat(request.imageName()).isEqualTo("libx");
    assertThat(request.classPath()).containsExactly(folder, script);
    assertThat(request.cSources()).containsExactly(folder.resolve("a.c"), folder.resolve("b.c"));
    assertThat(request.jdkHome()).isEqualTo(Path.of(System.getProperty("java.home")));
    assertThat(request.maximumHeap()).isEqualTo("256m");
    assertThat(request.machine()).isEqualTo("haswell");
  }

  @Test
  void starStandsForTheJarsOfAFolder() throws IOException {
    Path jars = Files.createDirectory(folder.resolve("jars"));
    Path last = Files.writeString(jars.resolve("b.jar"), "");
    Path first = Files.writeString(jars.resolve("a.jar"), "");
    Files.writeString(jars.resolve("readme.txt"), "");

    BuildRequest request = CommandLine.parse(arguments("--class-path", jars + "/*"));

    assertThat(request.classPath()).containsExactly(folder, script, first, last);
  }

  @Test
  void collectsRepeatedArguments() {
    BuildRequest request =
        CommandLine.parse(arguments("--builder-option", "-H:+A", "--builder-option", "-H:+B"));

    assertThat(request.builderOptions()).containsExactly("-H:+A", "-H:+B");
  }

  @Test
  void refusesUnknownRepeatedAndIncompleteArguments() {
    assertThatThrownBy(() -> CommandLine.parse(arguments("--colour", "red")))
        .hasMessageContaining("--colour");
    assertThatThrownBy(() -> CommandLine.parse(arguments("--library", "liby.so")))
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> CommandLine.parse(arguments("--machine")))
        .hasMessageContaining("needs a value");
    assertThatThrownBy(() -> CommandLine.parse(List.of("--library", "libx.so")))
        .isInstanceOf(ImageBuildException.class)
        .hasMessageContaining("is missing");
  }

  @Test
  void refusesALibraryNameThatIsNoLibrary() {
    List<String> arguments = new ArrayList<>(arguments());
    arguments.set(arguments.indexOf("libx.so"), "x.dll");

    assertThatThrownBy(() -> CommandLine.parse(arguments)).hasMessageContaining("x.dll");
  }

  private List<String> arguments(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--builder-jars", folder.toString(),
                "--class-path", folder + ":" + script,
                "--library", "libx.so",
                "--output", folder.resolve("output").toString(),
                "--work", folder.resolve("work").toString(),
                "--version-script", script.toString(),
                "--c-source", folder.toString()));
    arguments.addAll(List.of(more));
    return arguments;
  }
}
