package dev.dltjava.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupportFilesTest {
  @Test
  void helpersThatNeedNoBuilderCompileWithoutWarnings(@TempDir Path folder) throws IOException {
    SupportFiles.extract(folder);
    Files.writeString(folder.resolve("private_libraries.h"), PrivateJdkLibraries.header());

    for (String name : SupportFiles.LIBRARY_SOURCES) {
      /* Its header follows from the builder's jar, which tests do not have. */
      if (!name.equals("cpu_features.c")) {
        Path object =
            CLibrary.COMPILER.compile(folder.resolve(name), List.of(folder), List.of(), folder);
        assertThat(object).isNotEmptyFile();
      }
    }
  }

  @Test
  void featureHeaderHasOneByteForEachFeature() {
    assertThat(CpuFeatureHeaders.header(List.of("fSSE", "fAVX")))
        .contains("#include <stdbool.h>", "  bool fSSE;\n  bool fAVX;\n} CPUFeatures;");
  }
}
