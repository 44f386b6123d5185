package dev.dltjava.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.Jazzer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Jazzer looks for inputs that break what the fuzz targets promise, led by what code they reach:
/// few and the same in each build, more with `-Dfuzz.seconds=N`, which also takes what it finds
/// into the corpus.
final class FuzzTest {
  private static final int RUNS = 5_000;
  private static final int SEED = 20_261_121;
  private static final int SECONDS = Integer.getInteger("dltj.fuzz.seconds", 0);
  private static final int LONGEST = 4096;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dev.dltjava.json.DecoderFuzzTarget",
        "dev.dltjava.normalize.NormalizerFuzzTarget",
        "dev.dltjava.http.HeaderFuzzTarget",
        "dev.dltjava.rest.LinkFuzzTarget",
        "dev.dltjava.pipeline.OptionsFuzzTarget",
      })
  void keepsItsPromisesForWhateverComes(String target) throws IOException, InterruptedException {
    Corpus corpus = Corpus.of(target);
    Path inputs = corpus.unpack(folder.resolve("inputs"));
    List<String> effort =
        SECONDS == 0
            ? List.of("-runs=" + RUNS, "-seed=" + SEED)
            : List.of("-max_total_time=" + SECONDS, "-print_final_stats=1");

    assertPasses(target, effort, inputs);

    if (SECONDS > 0) {
      Path kept = Files.createDirectory(folder.resolve("kept"));
      assertPasses(target, List.of("-merge=1"), kept, inputs);
      corpus.pack(kept);
    }
  }

  private void assertPasses(String target, List<String> options, Path... folders)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", classPath(), "--enable-native-access=ALL-UNNAMED"));
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("--add-modules=jdk.incubator.vector");
    command.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
    if (SECONDS == 0) {
      // A short run takes half the time where little is compiled.
      command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    }
    command.add(Jazzer.class.getName());
    command.add("--target_class=" + target);
    command.add("--instrumentation_includes=dev.dltjava.**");
    // Its hooks look for what this code does not do, and cost more than all else.
    command.add("--custom_hook_excludes=**");
    command.add("--reproducer_path=" + folder);
    command.add("-artifact_prefix=" + folder + "/");
    command.add("-max_len=" + LONGEST);
    command.add("-timeout=20");
    command.addAll(options);
    for (Path inputs : folders) {
      command.add(inputs.toString());
    }
    Path log = folder.resolve("log.txt");
    int status =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    String output = Files.readString(log, StandardCharsets.ISO_8859_1);
    assertThat(status).as(String.join(" ", command) + "\n" + output).isZero();
    assertThat(output)
        .contains(options.contains("-merge=1") ? "MERGE-OUTER: successful" : "INITED cov:");
  }

  /// Surefire's own class path is a single jar with a manifest.
  private static String classPath() {
    String surefire = System.getProperty("surefire.test.class.path");
    return surefire == null ? System.getProperty("java.class.path", "") : surefire;
  }
}
