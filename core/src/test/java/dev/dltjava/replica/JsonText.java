package dev.dltjava.replica;

import java.nio.charset.StandardCharsets;

/// Writes one JSON document, without white space, in the order of the calls. One owner, one thread.
final class JsonText {
  private final StringBuilder text;
  private boolean valueBefore;

  JsonText(int expectedCharacters) {
    text = new StringBuilder(expectedCharacters);
  }

  JsonText open(char bracket) {
    separate();
    text.append(bracket);
    valueBefore = false;
    return this;
  }

  JsonText close(char bracket) {
    text.append(bracket);
    valueBefore = true;
    return this;
  }

  JsonText name(String name) {
    value(name);
    text.append(':');
    valueBefore = false;
    return this;
  }

  JsonText value(CharSequence value) {
    separate();
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      escape(value.charAt(i));
    }
    text.append('"');
    valueBefore = true;
    return this;
  }

  /// A number, `true`, `false` or `null`, or a string with its quotes and escapes.
  JsonText literal(String literal) {
    separate();
    text.append(literal);
    valueBefore = true;
    return this;
  }

  JsonText member(String name, CharSequence value) {
    return name(name).value(value);
  }

  JsonText member(String name, long value) {
    return name(name).literal(Long.toString(value));
  }

  JsonText member(String name, boolean value) {
    return name(name).literal(Boolean.toString(value));
  }

  byte[] utf8() {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void separate() {
    if (valueBefore) {
      text.append(',');
    }
  }

  private void escape(char character) {
    switch (character) {
      case '"' -> text.append("\\\"");
      case '\\' -> text.append("\\\\");
      case '\n' -> text.append("\\n");
      default -> {
        if (character < ' ') {
          text.append("\\u00").append(Character.forDigit(character >> 4, 16));
          text.append(Character.forDigit(character & 15, 16));
        } else {
          text.append(character);
        }
      }
    }
  }
}
