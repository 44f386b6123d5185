package dev.dltjava.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageReportTest {
  @Test
  void comparesVersionsByNumber() {
    assertThat(ImageReport.compareVersions("2.34", "2.4")).isPositive();
    assertThat(ImageReport.compareVersions("2.2.5", "2.2")).isPositive();
    assertThat(ImageReport.compareVersions("PRIVATE", "2.2")).isNegative();
    assertThat(ImageReport.compareVersions("2.17", "2.17")).isZero();
  }

  @Test
  void findsTheHighestVersionOfTheCLibrary(@TempDir Path folder) throws IOException {
    Path library =
        CLibrary.compile(
            folder,
            "liba.so",
            "#include <string.h>\n"
                + "void *copy(void *to, const void *from, size_t size);"
                + "void *copy(void *to, const void *from, size_t size) {"
                + " return memcpy(to, from, size); }");

    /* memcpy of x86-64 has carried this version since 2011. */
    assertThat(ImageReport.compareVersions(ImageReport.of(List.of(library)).glibc(), "2.14"))
        .isNotNegative();
  }
}
