package dev.dltjava.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BuilderCommandTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"));

  @Test
  void opensTheJdkToTheBuilderButNotThePlaceholderOfItsCompiler() {
    assertThat(JdkExports.options(JDK))
        .isSorted()
        .anyMatch(
            option ->
                option.startsWith(
                    "--add-exports=java.base/jdk.internal.misc=org.graalvm.nativeimage.builder,"))
        .noneMatch(option -> option.startsWith("--add-exports=jdk.graal.compiler/"));
  }

  @Test
  void placesOptionsOfTheBuildAfterThoseOfTheClassPath() {
    List<String> arguments =
        arguments(
            List.of("--initialize-at-build-time=org.a", "--add-opens=java.base/a=b"),
            new ImageMetadata(List.of("-H:+FromJar"), List.of("-Dfrom=jar")));

    assertThat(arguments)
        .containsSubsequence("-Dfrom=jar", "--add-opens=java.base/a=b", "-Dfrom=build", "--module")
        .containsSubsequence(
            "-imagecp",
            "/classes:/a.jar",
            "-H:Name=libx",
            "-R:MaxHeapSize=256m",
            "-H:+FromJar",
            "-H:ClassInitialization=org.a:build_time");
  }

  @Test
  void stopsTheBuilderBeforeItLinks() {
    assertThat(arguments(List.of(), new ImageMetadata(List.of(), List.of())))
        .contains(
            "-H:+ExitAfterRelocatableImageWrite",
            "-H:+SharedLibrary",
            "-H:TempDirectory=/target/image",
            "-Xmx6g");
  }

  private static List<String> arguments(List<String> builderOptions, ImageMetadata metadata) {
    BuildRequest request =
        new BuildRequest(
            JDK,
            Path.of("/jars"),
            Path.of("/target"),
            Path.of("/output"),
            "libx.so",
            List.of(Path.of("/classes"), Path.of("/a.jar")),
            List.of(),
            List.of(),
            List.of(),
            Path.of("/exports.map"),
            "256m",
            "haswell",
            "6g",
            builderOptions,
            List.of("-Dfrom=build"),
            "gcc");
    Path main = Path.of("/jars/svm-25.0.2.jar");
    return BuilderCommand.arguments(
        request,
        new BuilderJars(List.of(main), main, Path.of("/jars/compiler-25.0.2.jar"), "25.0.2"),
        new BuilderHome(Path.of("/target/home"), Path.of("/target/home/headers")),
        metadata,
        new BuilderCommand.Destination(Path.of("/target/headers"), Path.of("/target/image")),
        "id");
  }
}
