package dev.dltjava.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionScriptTest {
  @Test
  void readsNamesAndPatterns() {
    VersionScript script =
        VersionScript.parse("/* public */ { global: dltj_*; other; local: *; };", "a.map");

    assertThat(script.exported()).containsExactly("dltj_*", "other");
  }

  @Test
  void acceptsExactlyTheListedSymbols() {
    VersionScript script = new VersionScript(List.of("dltj_*", "other"));

    assertThatCode(() -> script.verify(List.of("dltj_open", "other"))).doesNotThrowAnyException();
  }

  @Test
  void refusesASymbolThatIsNotListed() {
    VersionScript script = new VersionScript(List.of("dltj_*"));

    assertThatThrownBy(() -> script.verify(List.of("dltj_open", "graal_create_isolate")))
        .isInstanceOf(ImageBuildException.class)
        .hasMessageContaining("[graal_create_isolate]");
  }

  @Test
  void refusesAListedSymbolThatIsMissing() {
    VersionScript script = new VersionScript(List.of("dltj_*", "other"));

    assertThatThrownBy(() -> script.verify(List.of("dltj_open")))
        .isInstanceOf(ImageBuildException.class)
        .hasMessageContaining("[other]");
  }

  @Test
  void refusesAScriptThatLeavesSymbolsVisible() {
    assertThatThrownBy(() -> VersionScript.parse("{ global: dltj_*; };", "a.map"))
        .isInstanceOf(ImageBuildException.class)
        .hasMessageContaining("a.map");
  }

  @Test
  void linkerHidesWhatIsNotListed(@TempDir Path folder) throws IOException {
    Path script = Files.writeString(folder.resolve("a.map"), "{ global: dltj_*; local: *; };");
    Path library =
        CLibrary.compile(
            folder,
            "liba.so",
            "void dltj_open(void); void dltj_open(void) {} void inner(void); void inner(void) {}",
            "-Wl,--version-script=" + script);

    assertThat(ElfFile.read(library).exportedSymbols()).containsExactly("dltj_open");
    assertThatCode(() -> VersionScript.read(script).verify(ElfFile.read(library).exportedSymbols()))
        .doesNotThrowAnyException();
  }
}
