package dev.dltjava.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetadataScanTest {
  @TempDir Path folder;

  @Test
  void translatesInitializationOfClasses() throws IOException {
    Path jar =
        jar(
            "a.jar",
            Map.of(
                "META-INF/native-image/g/a/native-image.properties",
                """
                # a comment
                Args = --initialize-at-build-time=org.a,org.b \\
                       --initialize-at-run-time=org.a.Late$Holder
                """));

    assertThat(MetadataScan.scan(List.of(jar)).builderOptions())
        .containsExactly(
            "-H:ClassInitialization=org.a:build_time,org.b:build_time",
            "-H:ClassInitialization=org.a.Late$Holder:run_time");
  }

  @Test
  void separatesOptionsOfTheJvm() throws IOException {
    Path jar =
        jar(
            "a.jar",
            Map.of(
                "META-INF/native-image/g/a/native-image.properties",
                """
                Args = --add-opens java.base/java.nio=ALL-UNNAMED --add-exports=java.base/sun.x=m \
                -Dname=value -J-Xss2m -H:+Flag --no-fallback
                JavaArgs = -Dother=1
                """));

    ImageMetadata metadata = MetadataScan.scan(List.of(jar));

    assertThat(metadata.builderOptions()).containsExactly("-H:+Flag");
    assertThat(metadata.jvmOptions())
        .containsExactly(
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-exports=java.base/sun.x=m",
            "-Dname=value",
            "-Xss2m",
            "-Dother=1");
  }

  @Test
  void namesMetadataFilesOfEachKind() throws IOException {
    String base = "META-INF/native-image/g/a/";
    Path jar =
        jar(
            "a.jar",
            Map.of(
                base + "reflect-config.json",
                "[]",
                base + "jni-config.json",
                "[]",
                base + "resource-config.json",
                "{}",
                base + "proxy-config.json",
                "[]",
                base + "serialization-config.json",
                "[]",
                base + "reachability-metadata.json",
                "{}",
                base + "unrelated.json",
                "{}",
                "other/reflect-config.json",
                "[]"));

    assertThat(MetadataScan.scan(List.of(jar)).builderOptions())
        .containsExactly(
            "-H:ReachabilityMetadataResources=" + base + "reachability-metadata.json",
            "-H:ReflectionConfigurationResources=" + base + "reflect-config.json",
            "-H:JNIConfigurationResources=" + base + "jni-config.json",
            "-H:ResourceConfigurationResources=" + base + "resource-config.json",
            "-H:DynamicProxyConfigurationResources=" + base + "proxy-config.json",
            "-H:SerializationConfigurationResources=" + base + "serialization-config.json");
  }

  @Test
  void keepsTheOrderOfTheClassPathAndNamesEachResourceOnce() throws IOException {
    String shared = "META-INF/native-image/reflect-config.json";
    Path later = jar("a.jar", Map.of("META-INF/native-image/a/reflect-config.json", "[]"));
    Path earlier =
        jar(
            "z.jar",
            Map.of(
                "META-INF/native-image/z/y/reflect-config.json",
                "[]",
                "META-INF/native-image/z/b/reflect-config.json",
                "[]",
                shared,
                "[]"));
    Path classes = folder.resolve("classes");
    Path inFolder = classes.resolve(shared);
    Files.createDirectories(inFolder.getParent());
    Files.writeString(inFolder, "[]");

    assertThat(MetadataScan.scan(List.of(earlier, later, classes)).builderOptions())
        .containsExactly(
            "-H:ReflectionConfigurationResources="
                + shared
                + ",META-INF/native-image/z/b/reflect-config.json"
                + ",META-INF/native-image/z/y/reflect-config.json"
                + ",META-INF/native-image/a/reflect-config.json");
  }

  @Test
  void replacesTheFolderVariable() throws IOException {
    Path jar =
        jar(
            "a.jar",
            Map.of(
                "META-INF/native-image/g/a/native-image.properties",
                "Args = -H:ReflectionConfigurationResources=${.}/more.json"));

    assertThat(MetadataScan.scan(List.of(jar)).builderOptions())
        .containsExactly("-H:ReflectionConfigurationResources=META-INF/native-image/g/a/more.json");
  }

  @Test
  void refusesUnknownOptionsAndSaysWhereTheyAre() throws IOException {
    Path jar =
        jar(
            "a.jar",
            Map.of("META-INF/native-image/native-image.properties", "Args = --install-something"));

    assertThatThrownBy(() -> MetadataScan.scan(List.of(jar)))
        .isInstanceOf(ImageBuildException.class)
        .hasMessageContaining("a.jar!META-INF/native-image/native-image.properties")
        .hasMessageContaining("--install-something");
  }

  @Test
  void findsNothingInAnEmptyClassPath() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));

    assertThat(MetadataScan.scan(List.of(empty)))
        .isEqualTo(new ImageMetadata(List.of(), List.of()));
  }

  private Path jar(String name, Map<String, String> entries) throws IOException {
    Path file = folder.resolve(name);
    try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, String> entry : new TreeMap<>(entries).descendingMap().entrySet()) {
        jar.putNextEntry(new ZipEntry(entry.getKey()));
        jar.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
        jar.closeEntry();
      }
    }
    return file;
  }
}
