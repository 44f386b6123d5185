package dev.dltjava.json;

import java.nio.charset.StandardCharsets;

/// Copies values as they are into a text in memory: numbers in their own spelling, all of equal
/// keys, no white space. Every string is spelled in one way, so that equal strings are equal bytes.
/// No state.
public final class ValueCopy {
  private ValueCopy() {}

  /// Appends the value whose first token the cursor has read, and moves the cursor behind it.
  ///
  /// @param longest bytes that the text may have; a longer one is refused
  /// @param what the text is, for the message
  public static void append(JsonCursor cursor, Utf8Text target, int longest, String what) {
    switch (cursor.kind()) {
      case OBJECT -> {
        target.append('{');
        boolean first = true;
        while (cursor.toKey()) {
          if (!first) {
            target.append(',');
          }
          first = false;
          cursor.readKey();
          appendString(cursor, target);
          target.append(':');
          cursor.value();
          append(cursor, target, longest, what);
        }
        target.append('}');
      }
      case ARRAY -> {
        target.append('[');
        boolean first = true;
        while (cursor.toElement()) {
          if (!first) {
            target.append(',');
          }
          first = false;
          cursor.value();
          append(cursor, target, longest, what);
        }
        target.append(']');
      }
      case STRING -> appendString(cursor, target);
      case INTEGER, BIG_INTEGER, FLOAT ->
          target.append(cursor.text(), cursor.start(), cursor.end());
      case TRUE -> target.append("true");
      case FALSE -> target.append("false");
      case NULL -> target.append("null");
      case END -> throw new IllegalStateException("there is no value");
    }
    if (target.length() > longest) {
      throw JsonFault.limit(
          cursor.byteOffset(), what + " is longer than " + longest + " bytes as compact JSON");
    }
  }

  /// Appends the string or key that the cursor has read.
  public static void appendString(JsonCursor cursor, Utf8Text target) {
    if (cursor.halfPair()) {
      appendHalfPairs(cursor.string(), target);
    } else {
      JsonText.quote(target, cursor.text(), cursor.start(), cursor.end());
    }
  }

  /// Halves of surrogate pairs have to be escaped, since UTF-8 cannot express them.
  private static void appendHalfPairs(String value, Utf8Text target) {
    target.append('"');
    value
        .codePoints()
        .forEach(
            point -> {
              if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                target.append("\\u" + Integer.toHexString(point));
              } else {
                byte[] utf8 = Character.toString(point).getBytes(StandardCharsets.UTF_8);
                JsonText.escape(target, utf8, 0, utf8.length);
              }
            });
    target.append('"');
  }
}
