package dev.dltjava.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Writes values as the compact JSON text that dlt keeps in JSON columns (orjson's: no white space,
/// key order kept, non-ASCII unescaped). Of equal keys the last value stays, in the place of the
/// first, as in a Python `dict`. One owner, one thread: a text stays in the object until the next.
public final class JsonText {
  /// Bytes of an object without members, as compact text.
  private static final int EMPTY_OBJECT = 2;

  /// From so many members on, equal keys are looked for with a set instead of in pairs.
  private static final int FEW_MEMBERS = 24;

  /// A member of an object, all indexes into the text.
  ///
  /// @param keyEnd behind the closing quote of the key
  /// @param end behind the value
  private record Member(int begin, int keyEnd, int end) {}

  private final Utf8Text text = new Utf8Text();
  private boolean halfPair;

  /// Whether numbers stay as they are spelled.
  private boolean exact;

  /// Whether the marks of types are left out.
  private final boolean unmarked;

  /// The members of the objects that are open, the innermost last.
  private final List<Member> members = new ArrayList<>();

  /// Writes marked texts as they are.
  public JsonText() {
    this(false);
  }

  /// @param unmarked whether texts are written without the [TypeMark] that they begin with
  public JsonText(boolean unmarked) {
    this.unmarked = unmarked;
  }

  /// Writes the value whose first token the cursor has read, and moves the cursor behind it.
  public void write(JsonCursor cursor) {
    start(cursor, false, key -> true);
  }

  /// As [#write(JsonCursor)], with numbers as they are spelled in the text that is read, so that
  /// nothing of them is lost.
  public void writeExact(JsonCursor cursor) {
    exact = true;
    start(cursor, false, key -> true);
    exact = false;
  }

  /// As [#write(JsonCursor)], with the keys of all objects sorted, and of the outermost object only
  /// those keys that `kept` takes.
  public void writeSorted(JsonCursor cursor, Predicate<String> kept) {
    start(cursor, true, kept);
  }

  /// Whether the last text holds half of a surrogate pair, which UTF-8 cannot express; it is there
  /// in the three bytes that it would take.
  public boolean halfPair() {
    return halfPair;
  }

  /// The last text.
  public Utf8Text text() {
    return text;
  }

  /// The last text as a string.
  public String string() {
    return Utf8.string(text.bytes(), 0, text.length());
  }

  private void start(JsonCursor cursor, boolean sorted, Predicate<String> kept) {
    text.setLength(0);
    halfPair = false;
    members.clear();
    if (cursor.kind() == JsonKind.OBJECT) {
      object(cursor, sorted, kept);
    } else {
      value(cursor, sorted);
    }
    // It may have been in a value that was replaced.
    halfPair = halfPair && Utf8.malformedAt(text.bytes(), 0, text.length()) >= 0;
  }

  private void value(JsonCursor cursor, boolean sorted) {
    switch (cursor.kind()) {
      case OBJECT -> object(cursor, sorted, key -> true);
      case ARRAY -> array(cursor, sorted);
      case STRING -> {
        halfPair |= cursor.halfPair();
        boolean marked = unmarked && TypeMark.isAt(cursor.text(), cursor.start(), cursor.end());
        int start = cursor.start() + (marked ? TypeMark.LENGTH : 0);
        quote(text, cursor.text(), start, cursor.end());
      }
      case INTEGER -> {
        // Python has no negative zero among its integers.
        boolean zero = cursor.integer() == 0;
        text.append(cursor.text(), zero ? cursor.end() - 1 : cursor.start(), cursor.end());
      }
      case BIG_INTEGER -> text.append(cursor.text(), cursor.start(), cursor.end());
      case FLOAT -> {
        if (exact) {
          text.append(cursor.text(), cursor.start(), cursor.end());
        } else {
          text.append(FloatText.orjson(cursor.real()));
        }
      }
      case TRUE -> text.append("true");
      case FALSE -> text.append("false");
      case NULL -> text.append("null");
      case END -> throw new IllegalStateException("there is no value");
    }
  }

  private void array(JsonCursor cursor, boolean sorted) {
    text.append('[');
    boolean first = true;
    while (cursor.toElement()) {
      if (!first) {
        text.append(',');
      }
      first = false;
      cursor.value();
      value(cursor, sorted);
    }
    text.append(']');
  }

  private void object(JsonCursor cursor, boolean sorted, Predicate<String> kept) {
    text.append('{');
    int outer = members.size();
    while (cursor.toKey()) {
      cursor.readKey();
      boolean written = !sorted || kept.test(cursor.string());
      int begin = text.length();
      if (written) {
        halfPair |= cursor.halfPair();
        quote(text, cursor.text(), cursor.start(), cursor.end());
      }
      int keyEnd = text.length();
      cursor.value();
      if (written) {
        text.append(':');
        value(cursor, sorted);
        members.add(new Member(begin, keyEnd, text.length()));
        text.append(',');
      } else {
        cursor.skipRest();
      }
    }
    List<Member> own = members.subList(outer, members.size());
    if (!own.isEmpty()) {
      if (sorted || repeats(own)) {
        arrange(own, sorted);
      } else {
        text.setLength(text.length() - 1);
      }
      own.clear();
    }
    text.append('}');
  }

  private boolean repeats(List<Member> own) {
    if (own.size() > FEW_MEMBERS) {
      Set<String> keys = new HashSet<>();
      return !own.stream().map(this::key).allMatch(keys::add);
    }
    for (int i = 1; i < own.size(); i++) {
      for (int k = 0; k < i; k++) {
        if (equalKeys(own.get(i), own.get(k))) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean equalKeys(Member left, Member right) {
    return left.keyEnd - left.begin == right.keyEnd - right.begin
        && Arrays.equals(
            text.bytes(), left.begin, left.keyEnd, text.bytes(), right.begin, right.keyEnd);
  }

  /// A member's key as it is in the text, in which equal keys are spelled alike.
  private String key(Member member) {
    return Utf8.string(text.bytes(), member.begin, member.keyEnd);
  }

  private void arrange(List<Member> own, boolean sorted) {
    Map<String, Integer> places = new HashMap<>();
    List<Member> arranged = new ArrayList<>();
    for (Member member : own) {
      Integer place = places.putIfAbsent(key(member), arranged.size());
      if (place == null) {
        arranged.add(member);
      } else {
        arranged.set(place, member);
      }
    }
    int begin = own.getFirst().begin;
    if (sorted) {
      arranged.sort(Comparator.comparing(this::decodedKey, Arrays::compareUnsigned));
    }
    Utf8Text joined = new Utf8Text();
    for (Member member : arranged) {
      if (joined.length() > 0) {
        joined.append(',');
      }
      joined.append(text.bytes(), member.begin, member.end);
    }
    text.setLength(begin);
    text.append(joined.bytes(), 0, joined.length());
  }

  /// A member's key without quotes and escapes: the order of orjson's `OPT_SORT_KEYS` is that of
  /// its bytes.
  private byte[] decodedKey(Member member) {
    byte[] escaped =
        Arrays.copyOfRange(text.bytes(), member.begin + 1, member.keyEnd - 1 + Long.BYTES);
    Unescaper unescaper = new Unescaper();
    unescaper.unescape(escaped, 0, member.keyEnd - member.begin - 2);
    return Arrays.copyOf(unescaper.bytes(), unescaper.length());
  }

  /// The compact texts of two objects as that of one with the members of both.
  public static byte[] joined(byte[] first, byte[] second) {
    boolean comma = first.length > EMPTY_OBJECT && second.length > EMPTY_OBJECT;
    byte[] both = Arrays.copyOf(first, first.length + second.length - (comma ? 1 : 2));
    int behind = first.length - 1;
    if (comma) {
      both[behind++] = ',';
    }
    // Without the brace that opens it.
    System.arraycopy(second, 1, both, behind, second.length - 1);
    return both;
  }

  /// A string as JSON.
  public static String quoted(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    Utf8Text quoted = new Utf8Text();
    quote(quoted, utf8, 0, utf8.length);
    return quoted.toString();
  }

  static void quote(Utf8Text target, byte[] utf8, int from, int to) {
    target.append('"');
    escape(target, utf8, from, to);
    target.append('"');
  }

  /// Writes what stands between the quotes of a string.
  static void escape(Utf8Text target, byte[] utf8, int from, int to) {
    int plain = from;
    int i = from;
    while (i < to) {
      if (to - i >= Long.BYTES) {
        int run = Swar.first(Swar.stringStops(Swar.load(utf8, i)));
        i += run;
        if (run == Long.BYTES) {
          continue;
        }
      }
      byte character = utf8[i];
      if (character == '"' || character == '\\' || (character >= 0 && character < ' ')) {
        target.append(utf8, plain, i);
        escape(target, character);
        plain = i + 1;
      }
      i++;
    }
    target.append(utf8, plain, to);
  }

  private static void escape(Utf8Text target, byte character) {
    target.append('\\');
    switch (character) {
      case '"', '\\' -> target.append((char) character);
      case '\b' -> target.append('b');
      case '\f' -> target.append('f');
      case '\n' -> target.append('n');
      case '\r' -> target.append('r');
      case '\t' -> target.append('t');
      default -> {
        target.append("u00");
        target.append(Character.forDigit(character >> 4, 16));
        target.append(Character.forDigit(character & 0xF, 16));
      }
    }
  }
}
