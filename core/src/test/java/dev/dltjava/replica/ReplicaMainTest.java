package dev.dltjava.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program: starts with nothing but the test classes, serves, and ends when it should.
final class ReplicaMainTest {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");

  private static Process start(String... arguments) throws IOException {
    String classes =
        ReplicaMain.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(JAVA.resolve("java").toString(), "-cp", classes, ReplicaMain.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static String origin(Process process) throws IOException {
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = output.readLine();
    assertThat(line).startsWith("listening on http");
    return line.substring("listening on ".length());
  }

  @Test
  void endsWithItsInput() throws Exception {
    Process process =
        start("--games-per-month", "2", "--players", "3", "--months", "2022/01..2022/02", "--warm");
    try (HttpClient client = HttpClient.newHttpClient()) {
      String url = origin(process) + "/pub/player/magnuscarlsen/games/";
      assertThat(HttpGet.text(client, url + "archives")).contains("2022/02").doesNotContain("/03");
      assertThat(
              ParsedJson.objects(
                  ParsedJson.object(HttpGet.bytes(client, url + "2022/01").body()), "games"))
          .hasSize(2);
      process.getOutputStream().close();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void endsWhenTerminated() throws Exception {
    Process process = start("--ignore-stdin");
    try {
      assertThat(origin(process)).isNotEmpty();
      process.getOutputStream().close();
      assertThat(process.waitFor(300, TimeUnit.MILLISECONDS)).isFalse();
      process.destroy();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void explainsItself() throws Exception {
    Process process = start("--help");
    String help = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(help).contains("--games-per-month", "POST /control/faults");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void refusesUnknownFlags() throws Exception {
    assertThatThrownBy(() -> CommandLine.parse(List.of("--prot", "1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--prot");
  }

  @Test
  void speaksTls(@TempDir Path folder) throws Exception {
    Path keys = folder.resolve("keys.p12");
    List<String> command =
        List.of(
            JAVA.resolve("keytool").toString(),
            "-genkeypair",
            "-alias",
            "replica",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=ip:127.0.0.1",
            "-storetype",
            "PKCS12",
            "-keystore",
            keys.toString(),
            "-storepass",
            "secret");
    assertThat(
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor())
        .isZero();
    CommandLine line =
        CommandLine.parse(List.of("--tls", keys.toString(), "--tls-password", "secret"));
    try (Replica replica = Replica.start(line.options())) {
      assertThat(replica.origin()).startsWith("https://");
      try (HttpClient client = HttpClient.newBuilder().sslContext(trusting(keys)).build()) {
        assertThat(HttpGet.text(client, replica.baseUrl() + "player/hikaru"))
            .contains("\"username\":\"hikaru\"");
      }
    }
  }

  private static SSLContext trusting(Path keys) throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    KeyStore store = KeyStore.getInstance(keys.toFile(), "secret".toCharArray());
    trusted.setCertificateEntry("replica", store.getCertificate("replica"));
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
