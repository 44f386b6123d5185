package dev.dltjava.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuilderHomeTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"));

  @TempDir Path folder;

  @AfterEach
  void removeLinksIntoTheJdk() {
    Folders.fresh(folder.resolve("home"));
  }

  @Test
  void jvmOfTheHomeTakesTheHomeForItsOwn() throws Exception {
    BuilderHome home = assemble(JDK, builderJar());

    Process process =
        new ProcessBuilder(
                home.java().toString(), "-Xshare:off", "-XshowSettings:properties", "-version")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(output).contains("java.home = " + home.home());
    assertThat(home.headers().resolve("include/amd64cpufeatures.h"))
        .content()
        .contains("bool fExample;");
  }

  @Test
  void refusesAnotherVersionOfTheJdk() throws IOException {
    Files.writeString(folder.resolve("release"), "JAVA_VERSION=\"21.0.2\"\nMODULES=\"java.base\"");

    assertThatThrownBy(() -> assemble(folder, builderJar()))
        .isInstanceOf(ImageBuildException.class)
        .hasMessageContaining("21.0.2");
  }

  @Test
  void refusesAJdkWithoutJvmci() throws IOException {
    Files.writeString(folder.resolve("release"), "JAVA_VERSION=\"25\"\nMODULES=\"java.base\"");

    assertThatThrownBy(() -> assemble(folder, builderJar()))
        .isInstanceOf(ImageBuildException.class)
        .hasMessageContaining("JVMCI");
  }

  private BuilderHome assemble(Path jdk, Path jar) throws IOException {
    Path support = Files.createDirectory(folder.resolve("support"));
    SupportFiles.extract(support);
    CpuFeatureHeaders.write(jar, support);
    return BuilderHome.assemble(jdk, support, CLibrary.COMPILER, folder.resolve("home"));
  }

  /// A jar with this class file under the names of the builder's feature interfaces.
  private Path builderJar() throws IOException {
    byte[] type;
    try (var content = Features.class.getResourceAsStream("BuilderHomeTest$Features.class")) {
      type = content.readAllBytes();
    }
    Path file = folder.resolve("svm.jar");
    try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(file))) {
      for (String name : new String[] {"amd64/AMD64", "aarch64/AArch64", "riscv64/RISCV64"}) {
        jar.putNextEntry(
            new ZipEntry("com/oracle/svm/core/" + name + "LibCHelper$CPUFeatures.class"));
        jar.write(type);
        jar.closeEntry();
      }
    }
    return file;
  }

  interface Features {
    boolean fExample();
  }
}
