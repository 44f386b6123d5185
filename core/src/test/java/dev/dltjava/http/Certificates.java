package dev.dltjava.http;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/// Certificates that sign themselves, made by the JDK's `keytool` in a folder.
public record Certificates(Path directory) {
  private static final String PASSWORD = "changeit";

  /// Makes one.
  ///
  /// @param names whom it is for, such as `san=dns:localhost,ip:127.0.0.1`
  /// @param validity arguments that say from when, and how long, it is valid
  public void make(String name, String names, String... validity)
      throws IOException, InterruptedException {
    List<String> key = List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1");
    List<String> subject = List.of("-dname", "CN=" + name, "-ext", names, "-storetype", "PKCS12");
    keytool(name, Stream.of(key, subject, List.of(validity)).flatMap(List::stream).toList());
    keytool(name, List.of("-exportcert", "-rfc", "-file", pem(name).toString()));
  }

  private void keytool(String name, List<String> arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder();
    List<String> command = builder.command();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(arguments);
    command.addAll(List.of("-alias", name, "-keystore", store(name).toString()));
    command.addAll(List.of("-storepass", PASSWORD));
    builder.redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD);
    if (builder.start().waitFor() != 0) {
      throw new IOException("keytool failed: " + command);
    }
  }

  private Path store(String name) {
    return directory.resolve(name + ".p12");
  }

  /// The certificate, for those who are to trust it.
  public Path pem(String name) {
    return directory.resolve(name + ".pem");
  }

  /// A server's socket on the loopback interface, with this certificate.
  public SSLServerSocket listen(String name) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store(name))) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return (SSLServerSocket)
        context
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }
}
