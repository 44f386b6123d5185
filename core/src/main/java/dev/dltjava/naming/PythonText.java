package dev.dltjava.naming;

/// White space as Python sees it: Java leaves out the next-line control and the spaces that do not
/// break lines.
public final class PythonText {
  private PythonText() {}

  /// Python's `str.strip`.
  public static String strip(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  /// Whether nothing is left of the text when it is stripped.
  public static boolean isBlank(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isSpace(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSpace(char character) {
    return Character.isWhitespace(character)
        || character == '\u0085'
        || character == '\u00A0'
        || character == '\u2007'
        || character == '\u202F';
  }
}
