package dev.dltjava.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class JvmShimTest {
  @Test
  void generatesStubsOnlyForWhatTheSourceDoesNotDefine() {
    String source =
        """
        long JVM_NanoTime(void *environment, void *ignored) {
        void *JVM_LoadLibrary(const char *name) { return 0; }
          return jio_vsnprintf(text);
        """;

    assertThat(
            JvmShim.missing(
                new TreeSet<>(
                    List.of("JVM_NanoTime", "JVM_LoadLibrary", "JVM_Clone", "jio_vsnprintf")),
                source))
        .isEqualTo("MISSING(JVM_Clone)\nMISSING(jio_vsnprintf)\n");
  }
}
