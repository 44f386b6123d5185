package dev.dltjava.http;

/// What identifies the caller now, which may change while requests are under way. Any thread.
final class CurrentCredentials {
  private record Known(Credentials credentials, SecretTexts secrets) {}

  private volatile Known known = new Known(Credentials.NONE, SecretTexts.of(Credentials.NONE));

  Credentials get() {
    return known.credentials;
  }

  void set(Credentials credentials) {
    known = new Known(credentials, SecretTexts.of(credentials));
  }

  /// What messages mask of them.
  SecretTexts secrets() {
    return known.secrets;
  }
}
