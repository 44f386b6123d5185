package dev.dltjava.http;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;

/// One header line of a request or a response.
///
/// @param name its case does not matter
/// @param value without the white space around it
public record Header(String name, String value) {
  private static final String NAME_PUNCTUATION = "!#$%&'*+-.^_`|~";

  /// Throws if HTTP does not allow to send this header.
  void checkSendable() {
    if (name.isEmpty() || !name.chars().allMatch(Header::isNameCharacter)) {
      throw invalid("the header name '" + name + "' is not valid; expected letters, digits and -");
    }
    if (!value.chars().allMatch(Header::isValueCharacter)) {
      throw invalid(
          "the value of the header '"
              + name
              + "' has a character that HTTP does not allow; expected printable Latin-1 characters");
    }
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
