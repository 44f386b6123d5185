package dev.dltjava.http;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import java.util.List;
import java.util.Locale;

/// One header line of a request or a response.
///
/// @param name its case does not matter
/// @param value without the white space around it
public record Header(String name, String value) {
  /// `Authorization` and `Cookie`, and what APIs call headers of their own.
  private static final List<String> SECRET_WORDS =
      List.of(
          "auth",
          "cookie",
          "api-key",
          "api_key",
          "apikey",
          "token",
          "secret",
          "password",
          "credential",
          "signature");

  private static final String NAME_PUNCTUATION = "!#$%&'*+-.^_`|~";

  /// Throws if HTTP does not allow to send this header.
  void checkSendable() {
    if (name.isEmpty() || !name.chars().allMatch(Header::isNameCharacter)) {
      // Not shown: who mixes up name and value has written a secret.
      throw invalid("the name of a header is not valid; expected letters, digits and -");
    }
    if (!value.chars().allMatch(Header::isValueCharacter)) {
      throw invalid(
          "the value of the header '"
              + name
              + "' has a character that HTTP does not allow; expected printable Latin-1 characters");
    }
  }

  /// Whether the name is that of a header which identifies the caller, as far as names tell.
  boolean isSecret() {
    String lower = name.toLowerCase(Locale.ROOT);
    return SECRET_WORDS.stream().anyMatch(lower::contains);
  }

  /// Without the value, which may be a secret.
  @Override
  public String toString() {
    return name + ": ***";
  }

  private static boolean isNameCharacter(int c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || NAME_PUNCTUATION.indexOf(c) >= 0;
  }

  private static boolean isValueCharacter(int c) {
    return c == '\t' || c >= 0x20 && c <= 0xff && c != 0x7f;
  }

  private static DltJavaException invalid(String message) {
    return new DltJavaException(ErrorCode.OPTIONS, ErrorLocation.NONE, message);
  }
}
