package dev.dltjava.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfStringsTest {
  private static final Map<String, String> NAMES =
      Map.of("libinner.so", "dljinner.so", "libouter.so", "dljouter.so");

  @TempDir Path folder;
  private Path inner;
  private Path outer;

  @BeforeEach
  void compileLibraryThatNeedsAVersionedSymbolOfAnother() throws IOException {
    Path versions =
        Files.writeString(folder.resolve("inner.map"), "PRIVATE_1 { global: inner; local: *; };");
    inner =
        CLibrary.compile(
            folder,
            "libinner.so",
            "int inner(void); int inner(void) { return 42; }",
            "-Wl,--version-script=" + versions);
    outer =
        CLibrary.compile(
            folder,
            "libouter.so",
            "int inner(void); int outer(void); int outer(void) { return inner() + 1; }",
            inner.toString());
  }

  @Test
  void renamesOwnNameNeededNameAndVersionFile() throws IOException {
    byte[] renamed = ElfStrings.rename(Files.readAllBytes(outer), NAMES, "libouter.so");

    ElfFile library = ElfFile.of(renamed, "renamed");
    assertThat(library.soname()).contains("dljouter.so");
    assertThat(library.needed()).contains("dljinner.so").doesNotContain("libinner.so");
    assertThat(library.neededVersions())
        .contains(new ElfFile.NeededVersion("dljinner.so", "PRIVATE_1"));
    assertThat(library.runPath()).contains("$ORIGIN");
  }

  @Test
  void renamedLibrariesLoadEachOther() throws Throwable {
    Path renamedFolder = Files.createDirectory(folder.resolve("renamed"));
    for (Path library : new Path[] {inner, outer}) {
      String name = library.getFileName().toString();
      Files.write(
          renamedFolder.resolve(NAMES.get(name)),
          ElfStrings.rename(Files.readAllBytes(library), NAMES, name));
    }

    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup symbols =
          SymbolLookup.libraryLookup(renamedFolder.resolve("dljouter.so"), arena);
      int answer =
          (int)
              Linker.nativeLinker()
                  .downcallHandle(
                      symbols.findOrThrow("outer"), FunctionDescriptor.of(ValueLayout.JAVA_INT))
                  .invokeExact();
      assertThat(answer).isEqualTo(43);
    }
    assertThat(Files.readString(Path.of("/proc/self/maps"))).doesNotContain("/libinner.so");
  }

  @Test
  void leavesTheInputAndUnusedNamesAlone() throws IOException {
    byte[] original = Files.readAllBytes(inner);

    byte[] renamed = ElfStrings.rename(original, Map.of("libother.so", "dljother.so"), "inner");

    assertThat(renamed).isEqualTo(original).isNotSameAs(original);
  }

  @Test
  void refusesANameThatIsTheTailOfALongerOne() throws IOException {
    byte[] library = Files.readAllBytes(outer);

    assertThatThrownBy(() -> ElfStrings.rename(library, Map.of("inner.so", "other.so"), "outer"))
        .isInstanceOf(ImageBuildException.class)
        .hasMessageContaining("inner.so")
        .hasMessageContaining("tail");
  }

  @Test
  void refusesNamesOfDifferentLength() throws IOException {
    byte[] library = Files.readAllBytes(outer);

    assertThatThrownBy(() -> ElfStrings.rename(library, Map.of("libinner.so", "x.so"), "outer"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesFilesThatAreNotElf() {
    assertThatThrownBy(() -> ElfStrings.rename(new byte[100], NAMES, "zeros"))
        .isInstanceOf(ImageBuildException.class)
        .hasMessageContaining("zeros");
  }
}
