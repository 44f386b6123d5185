package dev.dltjava.ffi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.replica.Replica;
import dev.dltjava.replica.ReplicaOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples for callers in C and in Java, built and run as their users do.
final class ExamplesTest {
  private static final Path NATIVE = Path.of("target/native").toAbsolutePath();
  private static final Path EXAMPLES = Path.of("../examples");

  private static final String ORDERS =
      """
      {"id": 1, "name": "caf\\u00e9", "price": 1.5, "at": "2026-01-02T03:04:05.5Z", "lines": [{"sku": "x"}]}
      {"id": 2, "name": null, "open": true, "lines": [{"sku": "y"}, {"sku": "z"}]}
      """;

  @TempDir private Path folder;

  private Command cProgram() throws IOException, InterruptedException {
    String program = folder.resolve("read_json").toString();
    String flags =
        Command.of("pkg-config", "--cflags", "--libs", "dlt_java")
            .with("PKG_CONFIG_PATH", NATIVE.toString())
            .run(folder)
            .succeeded();
    String source = EXAMPLES.resolve("c/read_json.c").toString();
    Command.of("gcc", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", source)
        .and(List.of(flags.strip().split(" +")))
        .and(List.of("-o", program))
        .run(folder)
        .succeeded();
    return Command.of(program);
  }

  private static Command javaProgram() {
    return Command.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "--add-opens=java.base/java.nio=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        System.getProperty("java.class.path"),
        EXAMPLES.resolve("java/ReadJson.java").toString(),
        NATIVE.resolve("libdlt_java.so").toString());
  }

  private String file() throws IOException {
    return Files.writeString(folder.resolve("or\"ders.jsonl"), ORDERS).toString();
  }

  @Test
  void aCProgramPrintsTheTablesOfAFile() throws IOException, InterruptedException {
    String text = cProgram().and(List.of(file(), "orders")).run(folder).succeeded();

    assertThat(text.lines())
        .containsExactly(
            "orders: 2 rows",
            "  id=1  name=café  price=1.5  at=2026-01-02T03:04:05.500000Z  open=null",
            "  id=2  name=null  price=null  at=null  open=true",
            "orders__lines: 3 rows",
            "  sku=x",
            "  sku=y",
            "  sku=z");
  }

  @Test
  void aJavaProgramPrintsTheTablesOfAFile() throws IOException, InterruptedException {
    String text = javaProgram().and(List.of(file(), "orders")).run(folder).succeeded();

    assertThat(text.lines())
        .containsExactly(
            "orders: 2 rows",
            "id\tname\tprice\tat\topen",
            "1\tcafé\t1.5\t1767323045500000\tnull",
            "2\tnull\tnull\tnull\ttrue",
            "orders__lines: 3 rows",
            "sku",
            "x",
            "y",
            "z");
  }

  @Test
  void bothPrintWhatAnAddressAnswers() throws IOException, InterruptedException {
    try (Replica replica = Replica.start(ReplicaOptions.DEFAULT)) {
      List<String> arguments = List.of(replica.baseUrl() + "player/hikaru", "players");

      assertThat(cProgram().and(arguments).run(folder).succeeded())
          .contains("players: 1 rows", "  username=hikaru", "players__streaming_platforms: 2 rows");
      assertThat(javaProgram().and(arguments).run(folder).succeeded())
          .contains("players: 1 rows", "\thikaru\t", "players__streaming_platforms: 2 rows");
    }
  }

  @Test
  void bothTellTheErrorOfTheLibrary() throws IOException, InterruptedException {
    List<String> arguments =
        List.of(Files.writeString(folder.resolve("broken.json"), "[1").toString(), "t");

    for (Command program : List.of(cProgram(), javaProgram())) {
      Command.Result result = program.and(arguments).run(folder);
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.text()).startsWith("error 201: ").hasLineCount(1);
    }
  }
}
