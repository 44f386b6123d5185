package dev.dltjava.http;

import dev.dltjava.error.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// The TLS side of a client: trusts the certificates of one PEM file, read when https is first
/// used. A library compiled ahead of time has no other ones that would stay current.
final class TrustedCertificates {
  /// A hundred times the usual bundle.
  private static final long LARGEST_FILE = 32L << 20;

  private final @Nullable Path file;
  private @Nullable SSLContext context;

  TrustedCertificates(@Nullable Path file) {
    this.file = file;
  }

  /// An engine that checks the certificate against this host. Reads the file when first called, so
  /// it is not for event loops.
  synchronized SSLContext context() throws Fault {
    if (context == null) {
      context = read();
    }
    return context;
  }

  /// A client's engine, which sends the host's name and accepts only its certificate.
  static SSLEngine engine(SSLContext context, Endpoint endpoint) {
    SSLEngine engine = context.createSSLEngine(endpoint.host(), endpoint.port());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    return engine;
  }

  /// The name of the file, for messages.
  String source() {
    return String.valueOf(file);
  }

  private SSLContext read() throws Fault {
    if (file == null) {
      throw invalid(
          "https needs the option ca_file: the path of a PEM file with the certificates to trust",
          null);
    }
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw invalid(
            "the file of the option ca_file is too large for certificates: " + file, null);
      }
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      Collection<? extends Certificate> certificates =
          factory.generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
      if (certificates.isEmpty()) {
        throw invalid("the file of the option ca_file has no PEM certificate: " + file, null);
      }
      return context(certificates);
    } catch (IOException unreadable) {
      throw invalid(
          "the file of the option ca_file cannot be read: "
              + file
              + " ("
              + unreadable
              + "); expected a PEM file",
          unreadable);
    } catch (GeneralSecurityException malformed) {
      throw invalid(
          "the file of the option ca_file has no valid PEM certificates: "
              + file
              + " ("
              + malformed.getMessage()
              + ")",
          malformed);
    }
  }

  private static SSLContext context(Collection<? extends Certificate> certificates)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    int index = 0;
    for (Certificate certificate : certificates) {
      store.setCertificateEntry("trusted-" + index++, certificate);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    TrustManager[] managers = trust.getTrustManagers();
    for (int i = 0; i < managers.length; i++) {
      managers[i] =
          managers[i] instanceof X509ExtendedTrustManager known
              ? new CurrentCertificates(known)
              : managers[i];
    }
    context.init(null, managers, null);
    return context;
  }

  private static Fault invalid(String message, @Nullable Throwable cause) {
    return new Fault(ErrorCode.OPTIONS, Fault.Remedy.NONE, message, cause);
  }
}
