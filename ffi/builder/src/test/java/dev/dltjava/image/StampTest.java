package dev.dltjava.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StampTest {
  @TempDir Path folder;
  private Path stampFile;
  private Path output;
  private Path library;

  @BeforeEach
  void writeInputsAndOutputs() throws IOException {
    write("jdk/release", "JAVA_VERSION=\"25\"");
    write("jars/svm-25.0.2.jar", "svm");
    write("jars/compiler-25.0.2.jar", "compiler");
    write("classes/A.class", "a");
    write("c/facade.c", "int x;");
    write("c/inner/inner.c", "int y;");
    write("include/facade.h", "extern int x;");
    write("exports.map", "{ global: x; local: *; };");
    output = folder.resolve("output");
    library = write("output/libx.so", "library");
    stampFile = folder.resolve("image.stamp");
  }

  @Test
  void sameInputsAndOutputsAreCurrent() {
    stamp().write(stampFile, List.of(library), output);

    assertThat(stamp().isCurrent(stampFile, output)).isTrue();
    assertThat(stamp().buildId()).isEqualTo(stamp().buildId()).hasSize(36);
  }

  @Test
  void withoutAStampFileNothingIsCurrent() {
    assertThat(stamp().isCurrent(stampFile, output)).isFalse();
  }

  @Test
  void everyInputOfTheImageCounts() throws IOException {
    Stamp before = image("256m");
    for (String input :
        List.of("jdk/release", "classes/A.class", "classes/B.class", "jars/svm-25.0.2.jar")) {
      write(input, "changed content");
      Stamp after = image("256m");
      assertThat(after).as(input).isNotEqualTo(before);
      before = after;
    }
    assertThat(image("512m")).isNotEqualTo(before);
  }

  @Test
  void filesOfTheLinkCountForTheLibraryOnly() throws IOException {
    Stamp image = image("256m");
    Stamp before = stamp();
    for (String input :
        List.of(
            "c/facade.c", "c/private.h", "c/inner/inner.c", "include/facade.h", "exports.map")) {
      write(input, "changed content");
      Stamp after = stamp();
      assertThat(after).as(input).isNotEqualTo(before);
      before = after;
    }
    assertThat(image("256m")).isEqualTo(image);
  }

  @Test
  void discardingDeletesTheOldFiles() {
    stamp().write(stampFile, List.of(library), output);

    Stamp.discard(stampFile, output);

    assertThat(stampFile).doesNotExist();
    assertThat(library).doesNotExist();
  }

  @Test
  void aMissingOrChangedOutputIsNotCurrent() throws IOException {
    stamp().write(stampFile, List.of(library), output);

    Files.writeString(library, "a library of another size");
    assertThat(stamp().isCurrent(stampFile, output)).isFalse();
    Files.delete(library);
    assertThat(stamp().isCurrent(stampFile, output)).isFalse();
  }

  private Stamp stamp() {
    return Stamp.ofLibrary(request("256m"), image("256m"));
  }

  private Stamp image(String heap) {
    BuildRequest request = request(heap);
    return Stamp.ofImage(request, BuilderJars.of(request.builderJars()));
  }

  private BuildRequest request(String heap) {
    return new BuildRequest(
        folder.resolve("jdk"),
        folder.resolve("jars"),
        folder.resolve("work"),
        output,
        "libx.so",
        List.of(folder.resolve("classes")),
        List.of(folder.resolve("c/facade.c"), folder.resolve("c/inner/inner.c")),
        List.of(folder.resolve("include"), folder.resolve("c/inner")),
        List.of(),
        folder.resolve("exports.map"),
        heap,
        "haswell",
        "6g",
        List.of(),
        List.of(),
        "gcc");
  }

  private Path write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }
}
