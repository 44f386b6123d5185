package dev.dltjava.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateJdkLibrariesTest {
  @TempDir Path folder;
  private PrivateJdkLibraries libraries;
  private Path shim;

  @BeforeEach
  void copyTheLibrariesOfThisJdk() throws Exception {
    Path support = Files.createDirectory(folder.resolve("support"));
    SupportFiles.extract(support);
    libraries =
        PrivateJdkLibraries.copy(
            Path.of(System.getProperty("java.home")), Files.createDirectory(folder.resolve("jdk")));
    shim = JvmShim.build(CLibrary.COMPILER, support, libraries);
  }

  @Test
  void needNoLibraryOfTheJdkUnderItsOwnName() {
    assertThat(libraries.files())
        .allSatisfy(
            file ->
                assertThat(ElfFile.read(file).needed())
                    .noneMatch(name -> name.matches("lib(jvm|java|net|nio|zip|management).*")));
  }

  @Test
  void loadBesideTheJvmThatHasTheOriginals() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      for (Path file : libraries.files()) {
        assertThat(SymbolLookup.libraryLookup(file, arena)).isNotNull();
      }
      assertThat(Files.readString(Path.of("/proc/self/maps")))
          .contains("/dljjvm.so", "/dljnet.so", "/libjvm.so");
    }
  }

  @Test
  void shimDefinesEverySymbolTheyNeedUnderTheJvmsVersion() {
    assertThat(ElfFile.read(shim).exportedSymbols())
        .containsAll(libraries.neededOfVirtualMachine())
        .filteredOn(name -> !name.equals("SUNWprivate_1.1"))
        .allMatch(name -> name.startsWith("JVM_") || name.startsWith("jio_"));
    assertThat(ElfFile.read(shim).soname()).contains("dljjvm.so");
  }

  @Test
  void shippedSetIsClosedUnderNeeds() throws Exception {
    Path user =
        CLibrary.compile(
            folder,
            "libuser.so",
            "void Java_sun_nio_ch_EPoll_create(void); void use(void);"
                + "void use(void) { Java_sun_nio_ch_EPoll_create(); }",
            libraries.folder().resolve("dljnio.so").toString(),
            "-Wl,--unresolved-symbols=ignore-in-shared-libs");

    assertThat(libraries.neededBy(user))
        .extracting(file -> file.getFileName().toString())
        .containsExactly("dljjava.so", "dljjvm.so", "dljnet.so", "dljnio.so");
  }
}
