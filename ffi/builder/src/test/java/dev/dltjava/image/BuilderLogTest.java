package dev.dltjava.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BuilderLogTest {
  @Test
  void beginsWithTheFirstErrorAndDropsNoise() {
    List<String> log =
        List.of(
            "WARNING: Unknown module",
            "[1/8] Initializing...",
            "----------",
            "Error: Unsupported features in 2 methods",
            "Detailed message:",
            "\tat com.oracle.svm.Hosted.run(Hosted.java:1)",
            "\tat org.example.Main.main(Main.java:1)",
            "");

    assertThat(BuilderLog.explanation(log))
        .containsExactly(
            "Error: Unsupported features in 2 methods",
            "Detailed message:",
            "\tat org.example.Main.main(Main.java:1)");
  }

  @Test
  void showsTheLastLinesWhenNoErrorIsMarked() {
    assertThat(BuilderLog.explanation(List.of("WARNING: x", "killed"))).containsExactly("killed");
  }

  @Test
  void knowsFinishedStages() {
    assertThat(BuilderLog.isStage("[2/8] Performing analysis...  [***]  (87.7s @ 1.63GB)"))
        .isTrue();
    assertThat(BuilderLog.isStage(" Java version: 25")).isFalse();
  }
}
