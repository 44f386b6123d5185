package dev.dltjava.json;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.limits.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;

/// Walks over JSON text (RFC 8259) in UTF-8 without making objects of what it finds: strings are
/// ranges of bytes, numbers are parsed in place. The caller follows the structure:
///
/// ```
/// cursor.open(text);
/// switch (cursor.value()) {
///   case OBJECT -> {
///     while (cursor.toKey()) {
///       cursor.readKey(); // or skipKey, if the key is foreseen
///       cursor.value();   // and so on, before the next toKey()
///     }
///   }
///   case ARRAY -> {
///     while (cursor.toElement()) {
///       cursor.value();
///     }
///   }
/// }
/// ```
///
/// The text comes in pieces of any size; only the current token has to fit into memory. Faults are
/// [DltJavaException]s with the offset of the byte that is wrong. One owner, one thread.
public final class JsonCursor {
  /// Longest number, in digits: reading it takes time that grows with the square of its length.
  private static final int NUMBER_DIGITS = 4_096;

  /// What a number may have besides digits: two signs, a point, an `e`.
  private static final int SIGNS = 4;

  /// Longest key, in bytes as they stand in the text.
  private static final int KEY_BYTES = 65_536;

  /// What is read at a time: enough to be rare, little enough to stay in the processor's cache.
  private static final int WINDOW_BYTES = 64 << 10;

  /// Above this a window that grew for a long string is given up with the text.
  private static final int KEPT_BYTES = 1 << 20;

  /// Bytes of the window behind the text: a zero, which stops every scan, as it is neither a digit
  /// nor white space nor allowed in a string, and what loads of words and blocks may reach.
  private static final int SLACK = 2 * Blocks.BYTES;

  /// From here on strings are looked at in blocks: most are shorter, and quicker by words.
  private static final int LONG_STRING_BYTES = 16;

  /// A bit for each character that a number may begin with.
  private static final long NUMBER_STARTS = 0x3FFL << '0' | 1L << '-';

  private static final int EXPONENT_LIMIT = 100_000;

  private static final long[] POWERS_OF_TEN = {
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000
  };

  private static final int TRUE_WORD = Swar.loadInt("true".getBytes(StandardCharsets.UTF_8), 0);
  private static final int ALSE_WORD = Swar.loadInt("alse".getBytes(StandardCharsets.UTF_8), 0);
  private static final int NULL_WORD = Swar.loadInt("null".getBytes(StandardCharsets.UTF_8), 0);

  private final int nestingDepth;
  private final int stringBytes;
  private final Unescaper unescaper = new Unescaper();

  private InputStream input = InputStream.nullInputStream();
  private boolean inputEnded = true;

  /// The part of the text that is being looked at, and where it begins in the text.
  private byte[] window = new byte[SLACK];

  private int limit;
  private long base;

  /// The next byte to be looked at.
  private int position;

  private long line;
  private int depth;

  /// Whether an object or array was opened and nothing in it was read.
  private boolean fresh;

  private JsonKind kind = JsonKind.END;

  private long integer;
  private double real;

  /// The text of the last string, key or number.
  private byte[] text = window;

  private int start;
  private int end;
  private boolean halfPair;

  public JsonCursor(Limits limits) {
    this.nestingDepth = limits.nestingDepth();
    this.stringBytes = limits.stringBytes();
  }

  /// Begins a text; what was left of another is forgotten.
  ///
  /// @param newInput not closed by the cursor
  public void open(InputStream newInput) {
    open(newInput, TextPosition.START);
  }

  /// Begins a part of a text.
  ///
  /// @param newInput not closed by the cursor
  /// @param from where the part begins in the text
  public void open(InputStream newInput, TextPosition from) {
    input = newInput;
    inputEnded = false;
    if (window.length > KEPT_BYTES) {
      window = new byte[SLACK];
    }
    unescaper.trim(KEPT_BYTES);
    limit = 0;
    base = from.byteOffset();
    position = 0;
    window[0] = 0;
    line = from.line();
    depth = 0;
    fresh = false;
    kind = JsonKind.END;
  }

  /// Begins a text that lies in memory.
  public void open(byte[] utf8, int from, int to) {
    open(new ByteArrayInputStream(utf8, from, to - from));
  }

  /// Moves behind a byte order mark, if the text begins with one.
  public void skipByteOrderMark() {
    while (limit - position < 3 && more(position)) {
      continue;
    }
    if ((Swar.loadInt(window, position) & 0xFFFFFF) == 0xBFBBEF) {
      position += 3;
    }
  }

  /// The kind of the last value.
  public JsonKind kind() {
    return kind;
  }

  /// The last value, if it is an [JsonKind#INTEGER].
  public long integer() {
    return integer;
  }

  /// The last value, if it is a [JsonKind#FLOAT]; infinite if it is too large for a double.
  public double real() {
    return real;
  }

  /// Holds the last string, key or number, between [#start()] and [#end()], in UTF-8, escapes
  /// resolved. Valid until the cursor moves.
  public byte[] text() {
    return text;
  }

  public int start() {
    return start;
  }

  public int end() {
    return end;
  }

  /// Whether the last string or key holds half of a surrogate pair, which UTF-8 cannot express; it
  /// is in the text in the three bytes that it would take.
  public boolean halfPair() {
    return halfPair;
  }

  /// The last string, key or number as a string.
  public String string() {
    return halfPair
        ? Utf8.string(text, start, end)
        : new String(text, start, end - start, StandardCharsets.UTF_8);
  }

  /// Where the next byte to be looked at stands in the text.
  public long byteOffset() {
    return base + position;
  }

  /// The line of that byte, the first one is 1.
  long line() {
    return line;
  }

  /// Memory that the cursor has for the text.
  int windowBytes() {
    return window.length;
  }

  /// Moves to the next document of the text and reads it up to its first token.
  ///
  /// @return [JsonKind#END] if there is none
  public JsonKind document() {
    if (!atEnd()) {
      return value();
    }
    kind = JsonKind.END;
    return kind;
  }

  /// Moves behind white space; whether the text ends there.
  public boolean atEnd() {
    return skipSpace() == 0 && position == limit;
  }

  /// Moves to the next element of the array; false at its end, which is passed.
  public boolean toElement() {
    byte next = skipSpace();
    if (next == ']') {
      return endOf();
    }
    if (fresh) {
      fresh = false;
      return true;
    }
    if (next != ',') {
      throw fault(position, "',' or ']' behind the element");
    }
    position++;
    return true;
  }

  /// Moves to the next key of the object; false at its end, which is passed.
  public boolean toKey() {
    byte next = skipSpace();
    if (next == '}') {
      return endOf();
    }
    if (fresh) {
      fresh = false;
      if (next != '"') {
        throw fault(position, "a key in double quotes, or '}'");
      }
      return true;
    }
    if (next != ',') {
      throw fault(position, "',' or '}' behind the value");
    }
    position++;
    if (skipSpace() != '"') {
      throw fault(position, "a key in double quotes");
    }
    return true;
  }

  private boolean endOf() {
    position++;
    depth--;
    fresh = false;
    return false;
  }

  /// Moves behind the key and its colon if it is `token`, without white space in it. False if it is
  /// another key, or may be the same in other spelling.
  public boolean skipKey(KeyToken token) {
    if (token.isAt(window, position, limit)) {
      position += token.length;
      return true;
    }
    return false;
  }

  /// As [#toKey()] and [#skipKey(KeyToken)], if no more white space than one space is before the
  /// key; else false, and nothing has moved.
  boolean toKey(KeyToken token) {
    byte[] bytes = window;
    int key = position;
    if (!fresh) {
      if (bytes[key] != ',') {
        return false;
      }
      key++;
    }
    if (bytes[key] == ' ') {
      key++;
    }
    if (!token.isAt(bytes, key, limit)) {
      return false;
    }
    fresh = false;
    position = key + token.length;
    return true;
  }

  /// Reads the key, which [#text()] holds then, and its colon.
  public void readKey() {
    scanString(KEY_BYTES);
    while (window[position] == ' ') {
      position++;
    }
    if (window[position] == ':') {
      position++;
      return;
    }
    // Further white space may be where the window ends, and the text of the key has to stay.
    byte[] key = Arrays.copyOfRange(text, start, end);
    if (skipSpace() != ':') {
      throw fault(position, "':' behind the key");
    }
    position++;
    boolean half = halfPair;
    setText(key, 0, key.length);
    halfPair = half;
  }

  /// Reads a value, of an object or array only its beginning.
  public JsonKind value() {
    byte first = skipSpace();
    if (first == '"') {
      scanString(stringBytes);
      kind = JsonKind.STRING;
      return kind;
    }
    // One test that is easy to predict, whatever the number's first character is.
    if (first >= 0 && first < Long.SIZE && (NUMBER_STARTS >>> first & 1) != 0) {
      kind = scanNumber();
      return kind;
    }
    kind =
        switch (first) {
          case '{' -> open(JsonKind.OBJECT);
          case '[' -> open(JsonKind.ARRAY);
          case 't' -> literal(JsonKind.TRUE, 0, TRUE_WORD, "true");
          case 'f' -> literal(JsonKind.FALSE, 1, ALSE_WORD, "false");
          case 'n' -> literal(JsonKind.NULL, 0, NULL_WORD, "null");
          default -> throw fault(position, "a value");
        };
    return kind;
  }

  /// Reads the last value to its end, if it is an object or array.
  public void skipRest() {
    if (kind == JsonKind.OBJECT) {
      while (toKey()) {
        readKey();
        value();
        skipRest();
      }
    } else if (kind == JsonKind.ARRAY) {
      while (toElement()) {
        value();
        skipRest();
      }
    }
  }

  private JsonKind open(JsonKind container) {
    if (++depth > nestingDepth) {
      throw JsonFault.limit(
          base + position,
          "the document is nested more than "
              + nestingDepth
              + " levels deep; the option max_nesting_depth sets this limit");
    }
    position++;
    fresh = true;
    return container;
  }

  private JsonKind literal(JsonKind literal, int skipped, int word, String name) {
    while (limit - position < name.length() && more(position)) {
      continue;
    }
    if (Swar.loadInt(window, position + skipped) != word) {
      throw fault(differsAt(name), "'" + name + "'");
    }
    position += name.length();
    if (depth == 0 && (position < limit || more(position)) && isWord(window[position])) {
      throw fault(position, "white space behind '" + name + "'");
    }
    return literal;
  }

  private int differsAt(String name) {
    int i = 0;
    while (i < name.length() && window[position + i] == name.charAt(i)) {
      i++;
    }
    return position + i;
  }

  private static boolean isWord(byte character) {
    return character < 0 || Character.isJavaIdentifierPart(character) && character > ' ';
  }

  /// Reads the string at the position, which is its opening quote.
  private void scanString(int longest) {
    int from = position + 1;
    int i = from;
    long beyondAscii = 0;
    boolean escaped = false;
    while (true) {
      long word = Swar.load(window, i);
      long stops = Swar.stringStops(word);
      if (stops == 0) {
        beyondAscii |= word & Swar.HIGH_BITS;
        i += Long.BYTES;
        if (i - from == LONG_STRING_BYTES) {
          int run;
          do {
            ByteVector block = Blocks.load(window, i);
            run = Blocks.first(Blocks.stringStops(block));
            beyondAscii |= Blocks.before(run, Blocks.beyondAscii(block));
            i += run;
          } while (run == Blocks.BYTES);
        }
        continue;
      }
      int plain = Swar.first(stops);
      beyondAscii |= word & (1L << plain * 8) - 1 & Swar.HIGH_BITS;
      i += plain;
      byte stop = window[i];
      if (stop == '"') {
        break;
      }
      boolean escape = stop == '\\';
      if (escape && !escaped) {
        int close = unescaper.unescapeToQuote(window, from, i, limit);
        if (close >= 0) {
          if (beyondAscii != 0 || unescaper.beyondAscii()) {
            checkUtf8(from, close);
          }
          endString(from, close, longest);
          return;
        }
      }
      if (escape && i + 1 < limit) {
        escaped = true;
        i += 2;
        // The byte behind the backslash may be part of a character beyond ASCII: a fault, found
        // when the escape is resolved.
        continue;
      }
      if (i < limit && !escape) {
        check(from, i);
        throw fault(i, "no control character in a string without a backslash");
      }
      // The window ends in the string.
      checkLength(from, i, longest);
      if (inputEnded) {
        check(from, limit);
        throw fault(limit, "'\"' at the end of the string");
      }
      i -= position;
      from -= position;
      more(position);
    }
    if (escaped) {
      int wrong = unescaper.unescape(window, from, i);
      if (wrong >= 0) {
        checkUtf8(from, wrong);
        throw escapeFault(wrong);
      }
    }
    if (beyondAscii != 0) {
      checkUtf8(from, i);
    }
    if (escaped) {
      endString(from, i, longest);
    } else {
      checkLength(from, i, longest);
      position = i + 1;
      setText(window, from, i);
    }
  }

  /// Ends a string with escapes.
  private void endString(int from, int close, int longest) {
    checkLength(from, close, longest);
    position = close + 1;
    setText(unescaper.bytes(), 0, unescaper.length());
    halfPair = unescaper.halfPair();
  }

  @SuppressWarnings("ReferenceEquality") // which array it is, not what is in it
  private void setText(byte[] bytes, int from, int to) {
    // Nearly always the same: a comparison is cheaper than the collector's note of the store.
    if (text != bytes) {
      text = bytes;
    }
    start = from;
    end = to;
    halfPair = false;
  }

  /// Looks for a fault in the beginning of a string that has another one at `to`.
  private void check(int from, int to) {
    int wrong = unescaper.unescape(window, from, to);
    boolean sound = wrong < 0 || wrong >= to;
    checkUtf8(from, sound ? to : wrong);
    if (!sound) {
      throw escapeFault(wrong);
    }
  }

  private DltJavaException escapeFault(int wrong) {
    return fault(
        wrong,
        window[wrong - 1] == '\\'
            ? "one of \"\\/bfnrtu behind a backslash"
            : "four hexadecimal digits behind '\\u'");
  }

  private void checkUtf8(int from, int to) {
    int malformed = Utf8.malformedAt(window, from, to);
    if (malformed >= 0) {
      throw malformed(malformed);
    }
  }

  private DltJavaException malformed(int index) {
    return JsonFault.encoding(
        base + index, "found the byte 0x%02X in the wrong place".formatted(window[index]));
  }

  private void checkLength(int from, int to, int longest) {
    if (to - from > longest) {
      throw JsonFault.limit(
          base + from - 1,
          longest == KEY_BYTES
              ? "a key is longer than " + KEY_BYTES + " bytes, a limit without an option"
              : "a string is longer than "
                  + longest
                  + " bytes; the option max_string_bytes sets this limit");
    }
  }

  private JsonKind scanNumber() {
    // Most numbers have up to seven digits before and behind the point. The way through them does
    // not depend on the sign and the lengths, which a processor could not foresee.
    byte[] bytes = window;
    int from = position;
    // 1 for a minus, else 0.
    int minus = (bytes[from] ^ '-') - 1 >>> 31;
    int p = from + minus;
    long word = Swar.load(bytes, p);
    long nonDigits = Swar.nonDigits(word);
    int run = Swar.first(nonDigits);
    if (run == 0 || depth == 0 || (run > 1 && bytes[p] == '0')) {
      return scanAnyNumber();
    }
    long digits = Swar.number(word, run);
    p += run;
    int count = run;
    if (run == Long.BYTES) {
      word = Swar.load(bytes, p);
      nonDigits = Swar.nonDigits(word);
      run = Swar.first(nonDigits);
      if (run == Long.BYTES) {
        return scanAnyNumber();
      }
      if (run > 0) {
        digits = digits * POWERS_OF_TEN[run] + Swar.number(word, run);
        p += run;
        count += run;
      }
    }
    byte next = bytes[p];
    if (next != '.') {
      // The zero behind the window may hide the rest of the number.
      if (next == 0 || (next | 0x20) == 'e') {
        return scanAnyNumber();
      }
      integer = (digits ^ -minus) + minus;
      setText(bytes, from, p);
      position = p;
      return JsonKind.INTEGER;
    }
    p++;
    long behindPoint = nonDigits & nonDigits - 1;
    if (behindPoint != 0) {
      // The whole number is in the word: no second one to wait for.
      int length = Swar.first(behindPoint);
      word >>>= (run + 1) * Byte.SIZE;
      run = length - run - 1;
    } else {
      word = Swar.load(bytes, p);
      run = Swar.digits(word);
    }
    int places = 0;
    while (run == Long.BYTES && places <= Long.BYTES) {
      digits = digits * POWERS_OF_TEN[run] + Swar.number(word, run);
      places += run;
      word = Swar.load(bytes, p + places);
      run = Swar.digits(word);
    }
    if (run > 0) {
      digits = digits * POWERS_OF_TEN[run] + Swar.number(word, run);
      places += run;
    }
    p += places;
    next = bytes[p];
    if (places == 0
        || run == Long.BYTES
        || count + places >= Doubles.MOST_DIGITS
        || next == 0
        || (next | 0x20) == 'e') {
      return scanAnyNumber();
    }
    double magnitude = Doubles.ofFraction(digits, places);
    real = Double.longBitsToDouble(Double.doubleToRawLongBits(magnitude) | (long) minus << 63);
    setText(bytes, from, p);
    position = p;
    return JsonKind.FLOAT;
  }

  private JsonKind scanAnyNumber() {
    // A number that reaches the end of the window is read again from its start, with more bytes.
    while (true) {
      byte[] bytes = window;
      int p = position;
      boolean negative = bytes[p] == '-';
      if (negative) {
        p++;
      }
      int first = p;
      long digits = 0;
      long word;
      int run;
      while ((run = Swar.digits(word = Swar.load(bytes, p))) == Long.BYTES) {
        digits = digits * POWERS_OF_TEN[run] + Swar.number(word, run);
        p += run;
      }
      if (run > 0) {
        digits = digits * POWERS_OF_TEN[run] + Swar.number(word, run);
        p += run;
      }
      int count = p - first;
      if (p == limit && moreOfNumber(p)) {
        continue;
      }
      if (count == 0) {
        throw fault(p, "a digit");
      }
      if (bytes[first] == '0' && count > 1) {
        throw fault(first + 1, "no digit behind a leading zero");
      }
      byte next = bytes[p];
      if (next != '.' && next != 'e' && next != 'E') {
        endNumber(p, count);
        return integer(negative, digits, count);
      }
      int fraction = 0;
      if (next == '.') {
        p++;
        int point = p;
        while ((run = Swar.digits(word = Swar.load(bytes, p))) == Long.BYTES) {
          digits = digits * POWERS_OF_TEN[run] + Swar.number(word, run);
          p += run;
        }
        if (run > 0) {
          digits = digits * POWERS_OF_TEN[run] + Swar.number(word, run);
          p += run;
        }
        fraction = p - point;
        if (p == limit && moreOfNumber(p)) {
          continue;
        }
        if (fraction == 0) {
          throw fault(p, "a digit behind the decimal point");
        }
        next = bytes[p];
      }
      int exponent = 0;
      int exponentDigits = 0;
      if (next == 'e' || next == 'E') {
        p++;
        boolean minus = bytes[p] == '-';
        if (minus || bytes[p] == '+') {
          p++;
        }
        int exponentAt = p;
        while (bytes[p] >= '0' && bytes[p] <= '9') {
          exponent = Math.min(exponent * 10 + bytes[p] - '0', EXPONENT_LIMIT);
          p++;
        }
        exponentDigits = p - exponentAt;
        if (p == limit && moreOfNumber(p)) {
          continue;
        }
        if (exponentDigits == 0) {
          throw fault(p, "a digit in the exponent");
        }
        exponent = minus ? -exponent : exponent;
      }
      endNumber(p, count + fraction + exponentDigits);
      boolean exact =
          count + fraction <= Doubles.MOST_DIGITS || significant(first) <= Doubles.MOST_DIGITS;
      double magnitude =
          exact
              ? Doubles.of(digits, exponent - fraction)
              : Double.parseDouble(
                  new String(bytes, first, p - first, StandardCharsets.ISO_8859_1));
      real = negative ? -magnitude : magnitude;
      return JsonKind.FLOAT;
    }
  }

  /// Reads on behind a number that has all of the window that is left; false if that was known to
  /// be all, and nothing has moved.
  private boolean moreOfNumber(int p) {
    checkDigits(p - position - SIGNS);
    if (inputEnded) {
      return false;
    }
    more(position);
    return true;
  }

  /// The number has been read up to an index.
  private void endNumber(int index, int count) {
    checkDigits(count);
    setText(window, position, index);
    if (depth == 0 && index < limit && (window[index] > ' ' || window[index] <= 0)) {
      throw fault(index, "white space behind the number");
    }
    position = index;
  }

  private void checkDigits(int count) {
    if (count > NUMBER_DIGITS) {
      throw JsonFault.limit(
          base + position,
          "a number has more than " + NUMBER_DIGITS + " digits, a limit without an option");
    }
  }

  private JsonKind integer(boolean negative, long digits, int count) {
    boolean fits =
        count < Doubles.MOST_DIGITS
            || count == Doubles.MOST_DIGITS
                && (digits >= 0 || negative && digits == Long.MIN_VALUE);
    integer = negative ? -digits : digits;
    return fits ? JsonKind.INTEGER : JsonKind.BIG_INTEGER;
  }

  /// Digits of the number at an index without leading zeros, counted up to the exponent.
  private int significant(int first) {
    int i = first;
    while (window[i] == '0' || window[i] == '.') {
      i++;
    }
    int digits = 0;
    for (; window[i] == '.' || (window[i] >= '0' && window[i] <= '9'); i++) {
      digits += window[i] == '.' ? 0 : 1;
    }
    return digits;
  }

  /// Moves to the next byte that is not white space and returns it, 0 at the end of the text.
  private byte skipSpace() {
    byte next = window[position];
    return next > ' ' ? next : skipSpaces();
  }

  private byte skipSpaces() {
    while (true) {
      byte next = window[position];
      switch (next) {
        case ' ' -> {
          // Indented text.
          while (Swar.load(window, position) == Swar.SPACES) {
            position += Long.BYTES;
          }
          if (window[position] == ' ') {
            position++;
          }
        }
        case '\n' -> {
          line++;
          position++;
        }
        case '\t', '\r' -> position++;
        default -> {
          if (next != 0 || position < limit || !more(position)) {
            return next;
          }
        }
      }
    }
  }

  /// Reads more bytes of the text; those from `keep` on stay, and move to the front of the window.
  ///
  /// @return false if the text has ended
  @SuppressWarnings("ReferenceEquality") // which array it is, not what is in it
  private boolean more(int keep) {
    if (inputEnded) {
      return false;
    }
    limit -= keep;
    position -= keep;
    base += keep;
    byte[] old = window;
    if (old.length - SLACK - limit < WINDOW_BYTES / 2) {
      window = new byte[Math.max(WINDOW_BYTES, Math.addExact(limit, limit)) + SLACK];
    }
    if (old != window || keep > 0) {
      System.arraycopy(old, keep, window, 0, limit);
    }
    int count = read();
    inputEnded = count < 0;
    limit += Math.max(count, 0);
    window[limit] = 0;
    return count > 0;
  }

  private int read() {
    try {
      int count;
      do {
        count = input.read(window, limit, window.length - SLACK - limit);
      } while (count == 0);
      return count;
    } catch (IOException failure) {
      throw new DltJavaException(
          ErrorCode.INTERNAL,
          ErrorLocation.NONE.withByteOffset(base + limit),
          "the body could not be read: " + failure,
          failure);
    }
  }

  /// What is wrong at an index of the window.
  private DltJavaException fault(int index, String expected) {
    int found = index;
    // As much as is shown of it.
    while (limit - found < JsonFault.SHOWN_BYTES && !inputEnded) {
      position = found;
      more(found);
      found = 0;
    }
    if (found < limit && window[found] < 0) {
      // Is it a character at all?
      int end = found + 1;
      while (end < limit && end - found < Integer.BYTES && (window[end] & 0xC0) == 0x80) {
        end++;
      }
      int malformed = Utf8.malformedAt(window, found, end);
      if (malformed >= 0) {
        return malformed(malformed);
      }
    }
    return JsonFault.syntax(window, found, limit, base, line, expected);
  }
}
