package dev.dltjava.contract;

import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.JsonKind;
import dev.dltjava.json.JsonText;
import dev.dltjava.json.Keys;
import dev.dltjava.json.TypeMark;
import dev.dltjava.json.Utf8Text;
import dev.dltjava.limits.Limits;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Checks records against a contract, in one pass over each that also writes what is loaded of it.
/// Hot; one owner, one thread.
public final class ContractCheck {
  /// From so many keys on they are forgotten: records with keys of their own must not fill the
  /// memory.
  private static final int MOST_KEYS = 10_000;

  /// Longest value shown of a field.
  private static final int SHOWN_CHARACTERS = 80;

  /// Beyond these not every integer is a double of its own.
  private static final long EXACT_INTEGERS = 1L << 53;

  private static final int UNSEEN = -1;

  /// A field in use.
  private record BoundField(
      int index, ContractType.Field field, byte[] token, byte @Nullable [] standard) {}

  /// A model in use.
  private static final class BoundModel {
    private final ContractType.Model model;
    private final BoundField[] fields;
    private Keys<BoundField> keys = new Keys<>();

    private BoundModel(ContractType.Model model) {
      this.model = model;
      this.fields = new BoundField[model.fields().size()];
      for (int i = 0; i < fields.length; i++) {
        ContractType.Field field = model.fields().get(i);
        byte[] token = utf8(JsonText.quoted(field.name()) + ":");
        byte[] standard =
            field
                .standard()
                .map(text -> utf8(JsonText.quoted(field.name()) + ":" + text))
                .orElse(null);
        fields[i] = new BoundField(i, field, token, standard);
      }
      learn();
    }

    private void learn() {
      keys = new Keys<>();
      for (BoundField field : fields) {
        keys.key(field.field.key()).setValue(field);
      }
    }

    private Keys<BoundField> keys() {
      if (keys.size() > MOST_KEYS + fields.length) {
        learn();
      }
      return keys;
    }
  }

  private final RecordContract contract;
  private final JsonCursor cursor;
  private final Map<ContractType.Model, BoundModel> models = new IdentityHashMap<>();
  private final Utf8Text output = new Utf8Text();
  private final Utf8Text arranged = new Utf8Text();

  /// The record that is being checked, compact text from its first byte on.
  private byte[] record = new byte[0];

  /// Begins and ends, in the output, of the members of the objects that are open: the fields of
  /// each and then its other members.
  private int[] ranges = new int[64];

  private int rangesTop;

  /// What was found first, and where.
  private @Nullable String problem;

  private final StringBuilder path = new StringBuilder();

  public ContractCheck(RecordContract contract, Limits limits) {
    this.contract = contract;
    this.cursor = new JsonCursor(limits);
  }

  /// Checks a record.
  ///
  /// @param text compact JSON text without equal keys in an object, as `JsonText` writes it; not
  ///   changed until the next check
  public Verdict check(byte[] text, int length) {
    record = text;
    problem = null;
    path.setLength(0);
    output.setLength(0);
    rangesTop = 0;
    cursor.open(text, 0, length);
    return value(contract.record());
  }

  /// What is loaded of the last record, if it was valid.
  public Utf8Text output() {
    return output;
  }

  /// What was found first in the last record if it was not valid: the field, the value and the
  /// rule.
  public String problem() {
    String field = path.isEmpty() ? "the record" : "'" + path + "'";
    return field + ": " + problem;
  }

  /// Reads a value; in front of an open one it stops anywhere.
  private Verdict value(ContractType type) {
    int from = (int) cursor.byteOffset();
    cursor.value();
    return value(type, from);
  }

  private Verdict value(ContractType type, int from) {
    // Most values are of these types, and are found with plain tests.
    if (type instanceof ContractType.Text text) {
      return text(text, from);
    }
    if (type instanceof ContractType.Whole whole) {
      return whole(whole, from);
    }
    if (type instanceof ContractType.Real real) {
      return real(real, from);
    }
    if (type instanceof ContractType.Model model) {
      return model(model, from);
    }
    if (type instanceof ContractType.Nullable nullable) {
      return cursor.kind() == JsonKind.NULL ? copy(from) : value(nullable.type(), from);
    }
    if (type instanceof ContractType.Items items) {
      return items(items, from);
    }
    return rareValue(type, from);
  }

  private Verdict rareValue(ContractType type, int from) {
    return switch (type) {
      case ContractType.Any any -> copy(from);
      case ContractType.Flag flag -> flag(from);
      case ContractType.Timestamp timestamp ->
          cursor.kind() == JsonKind.STRING
              ? typed(TypeMark.TIMESTAMP, TypedText.timestamp(cursor.string()), from)
              : notAString(from);
      case ContractType.Date date ->
          cursor.kind() == JsonKind.STRING
              ? typed(TypeMark.DATE, TypedText.date(cursor.string()), from)
              : notAString(from);
      case ContractType.Uuid uuid ->
          cursor.kind() == JsonKind.STRING ? uuid(from) : notAString(from);
      case ContractType.Choice choice -> choice(choice, from);
      case ContractType.Scalar scalar -> scalar(scalar, from);
      case ContractType.Mapping mapping -> mapping(mapping, from);
      case ContractType.Reference reference -> {
        ContractType meant = contract.definitions().get(reference.name());
        if (meant == null) {
          throw new IllegalStateException("no definition of " + reference.name());
        }
        yield value(meant, from);
      }
      case ContractType.Unknown unknown -> found(Verdict.OPEN, "left open, as " + unknown.reason());
      case ContractType.Text _,
          ContractType.Whole _,
          ContractType.Real _,
          ContractType.Model _,
          ContractType.Nullable _,
          ContractType.Items _ ->
          throw new IllegalStateException("tested before");
    };
  }

  private Verdict text(ContractType.Text type, int from) {
    if (cursor.kind() != JsonKind.STRING) {
      return isContainerOrNull()
          ? refused("expected a string", from)
          : open("another type than a string", from);
    }
    ContractType.Length length = type.length();
    if (length.minimum() > 0 || length.maximum() < Long.MAX_VALUE) {
      int characters = 0;
      for (int i = cursor.start(); i < cursor.end(); i++) {
        characters += (cursor.text()[i] & 0xC0) == 0x80 ? 0 : 1;
      }
      if (characters < length.minimum() || characters > length.maximum()) {
        return refused("expected " + described(length, "character"), from);
      }
    }
    if (type.pattern().isPresent()) {
      TextPattern pattern = type.pattern().get();
      Verdict verdict = pattern.find(cursor.text(), cursor.start(), cursor.end());
      if (verdict == Verdict.OPEN) {
        return open("a pattern, and a text beyond ASCII", from);
      }
      if (verdict == Verdict.INVALID) {
        return refused("expected a string with the pattern " + pattern.source(), from);
      }
    }
    return copy(from);
  }

  private Verdict whole(ContractType.Whole type, int from) {
    return switch (cursor.kind()) {
      case INTEGER -> {
        long value = cursor.integer();
        if (value < type.minimum() || value > type.maximum()) {
          yield refused(
              "expected an integer "
                  + bounds(
                      type.minimum() == Long.MIN_VALUE ? "" : "of at least " + type.minimum(),
                      type.maximum() == Long.MAX_VALUE ? "" : "of at most " + type.maximum()),
              from);
        }
        if (value % type.multipleOf() != 0) {
          yield refused("expected a multiple of " + type.multipleOf(), from);
        }
        yield copy(from);
      }
      case BIG_INTEGER ->
          type.isBounded() ? open("a bound, and more than 64 bits", from) : copy(from);
      case NULL, OBJECT, ARRAY -> refused("expected an integer", from);
      case STRING, FLOAT, TRUE, FALSE, END -> open("another type than an integer", from);
    };
  }

  private Verdict real(ContractType.Real type, int from) {
    if (isContainerOrNull()) {
      return refused("expected a number", from);
    }
    boolean whole = cursor.kind() == JsonKind.INTEGER;
    if (!whole && cursor.kind() != JsonKind.FLOAT) {
      return open("another type than a double", from);
    }
    double value = whole ? cursor.integer() : cursor.real();
    if (Double.isInfinite(value) || whole && Math.abs(cursor.integer()) > EXACT_INTEGERS) {
      return open("a number that is too large for a double", from);
    }
    if (value < type.minimum()
        || value > type.maximum()
        || type.aboveMinimum() && value == type.minimum()
        || type.belowMaximum() && value == type.maximum()) {
      return refused(
          "expected a number "
              + bounds(
                  Double.isInfinite(type.minimum())
                      ? ""
                      : (type.aboveMinimum() ? "above " : "of at least ") + type.minimum(),
                  Double.isInfinite(type.maximum())
                      ? ""
                      : (type.belowMaximum() ? "below " : "of at most ") + type.maximum()),
          from);
    }
    copy(from);
    if (whole) {
      output.append(".0");
    }
    return Verdict.VALID;
  }

  private Verdict flag(int from) {
    return switch (cursor.kind()) {
      case TRUE, FALSE -> copy(from);
      case NULL, OBJECT, ARRAY -> refused("expected true or false", from);
      case STRING, INTEGER, BIG_INTEGER, FLOAT, END -> open("another type than a boolean", from);
    };
  }

  private Verdict notAString(int from) {
    return isContainerOrNull()
        ? refused("expected a string", from)
        : open("another type than a string", from);
  }

  /// @param typed the value's usual spelling, empty if it is another one
  private Verdict typed(TypeMark mark, String typed, int from) {
    if (typed.isEmpty()) {
      return open("a spelling that may stand for the value", from);
    }
    output.append('"');
    output.append(String.valueOf(mark.character()));
    output.append(typed);
    output.append('"');
    return Verdict.VALID;
  }

  /// Has no mark: orjson, which writes for dlt, knows UUIDs.
  private Verdict uuid(int from) {
    return TypedText.uuid(cursor.string()).isEmpty()
        ? open("a spelling that may stand for the value", from)
        : copy(from);
  }

  private Verdict choice(ContractType.Choice type, int from) {
    boolean known =
        switch (cursor.kind()) {
          case STRING -> type.texts().contains(cursor.string());
          case INTEGER -> type.integers().contains(cursor.integer());
          case BIG_INTEGER, FLOAT, TRUE, FALSE, NULL, OBJECT, ARRAY, END -> false;
        };
    if (known) {
      return copy(from);
    }
    return type.closed() && cursor.kind() == JsonKind.STRING
        ? refused(
            "expected one of " + String.join(", ", type.texts().stream().sorted().toList()), from)
        : open("a value that may stand for one of a few", from);
  }

  private Verdict scalar(ContractType.Scalar type, int from) {
    boolean known =
        switch (cursor.kind()) {
          case STRING -> type.text();
          case INTEGER, BIG_INTEGER -> type.whole();
          case FLOAT -> type.real();
          case TRUE, FALSE -> type.flag();
          case NULL, OBJECT, ARRAY, END -> false;
        };
    return known ? copy(from) : open("a value that may stand for one of another type", from);
  }

  private Verdict items(ContractType.Items type, int from) {
    if (cursor.kind() != JsonKind.ARRAY) {
      return refused("expected an array", from);
    }
    output.append('[');
    Verdict verdict = Verdict.VALID;
    int count = 0;
    while (cursor.toElement()) {
      if (count > 0) {
        output.append(',');
      }
      boolean first = problem == null;
      verdict = verdict.and(value(type.type()));
      if (first && problem != null) {
        place("[" + count + "]");
      }
      if (verdict == Verdict.OPEN) {
        return verdict;
      }
      count++;
    }
    output.append(']');
    return verdict.and(length(type.length(), count, "element"));
  }

  private Verdict mapping(ContractType.Mapping type, int from) {
    if (cursor.kind() != JsonKind.OBJECT) {
      return refused("expected an object", from);
    }
    output.append('{');
    Verdict verdict = Verdict.VALID;
    int count = 0;
    int keyFrom = keyAt();
    while (cursor.toKey()) {
      if (count > 0) {
        output.append(',');
      }
      cursor.readKey();
      int valueFrom = (int) cursor.byteOffset();
      output.append(record, keyFrom, valueFrom);
      boolean first = problem == null;
      verdict = verdict.and(value(type.values()));
      if (first && problem != null) {
        place(shown(keyFrom + 1, valueFrom - 2));
      }
      if (verdict == Verdict.OPEN) {
        return verdict;
      }
      count++;
      keyFrom = keyAt();
    }
    output.append('}');
    return verdict.and(length(type.length(), count, "member"));
  }

  private Verdict length(ContractType.Length length, int count, String unit) {
    return count >= length.minimum() && count <= length.maximum()
        ? Verdict.VALID
        : found(Verdict.INVALID, "expected " + described(length, unit) + ", found " + count);
  }

  private Verdict model(ContractType.Model type, int from) {
    if (cursor.kind() != JsonKind.OBJECT) {
      // dlt ends the load, whatever the contract says of invalid records.
      return open("another type than an object", from);
    }
    BoundModel model = models.get(type);
    if (model == null) {
      model = new BoundModel(type);
      models.put(type, model);
    }
    int base = rangesTop;
    reserve(2 * model.fields.length);
    Arrays.fill(ranges, base, rangesTop, UNSEEN);
    int begin = output.length();
    Verdict verdict = members(model, base);
    if (verdict != Verdict.OPEN) {
      verdict = verdict.and(arrange(model, base, begin));
    }
    rangesTop = base;
    return verdict;
  }

  private Verdict members(BoundModel model, int base) {
    Verdict verdict = Verdict.VALID;
    Keys<BoundField> keys = model.keys();
    Keys.Key<BoundField> key = keys.start();
    int keyFrom = keyAt();
    while ((key = keys.next(cursor, key)) != null) {
      int valueFrom = (int) cursor.byteOffset();
      BoundField field = key.value();
      int memberFrom = output.length();
      if (field != null) {
        output.append(field.token, 0, field.token.length);
        boolean first = problem == null;
        verdict = verdict.and(value(field.field.type()));
        if (first && problem != null) {
          place(field.field.key());
        }
        ranges[base + 2 * field.index] = memberFrom;
        ranges[base + 2 * field.index + 1] = output.length();
      } else {
        verdict = verdict.and(extra(model.model.extra(), keyFrom, valueFrom, memberFrom));
      }
      if (verdict == Verdict.OPEN) {
        return verdict;
      }
      keyFrom = keyAt();
    }
    return verdict;
  }

  private Verdict extra(ContractType.Extra extra, int keyFrom, int valueFrom, int memberFrom) {
    cursor.value();
    Verdict verdict = Verdict.VALID;
    if (extra == ContractType.Extra.FORBIDDEN) {
      boolean first = problem == null;
      verdict = refused("expected no such field", valueFrom);
      if (first) {
        place(shown(keyFrom + 1, valueFrom - 2));
      }
      return verdict;
    }
    cursor.skipRest();
    if (extra == ContractType.Extra.KEPT) {
      output.append(record, keyFrom, (int) cursor.byteOffset());
      int at = rangesTop;
      reserve(2);
      ranges[at] = memberFrom;
      ranges[at + 1] = output.length();
    }
    return verdict;
  }

  /// Puts the members of an object, which were written in the order of the record, into that of the
  /// model, with what stands for absent ones.
  private Verdict arrange(BoundModel model, int base, int begin) {
    arranged.setLength(0);
    arranged.append('{');
    Verdict verdict = Verdict.VALID;
    for (BoundField field : model.fields) {
      int from = ranges[base + 2 * field.index];
      if (from != UNSEEN) {
        separate();
        arranged.append(output.bytes(), from, ranges[base + 2 * field.index + 1]);
      } else if (field.standard != null) {
        separate();
        arranged.append(field.standard, 0, field.standard.length);
      } else {
        boolean first = problem == null;
        boolean required = field.field.required();
        verdict =
            verdict.and(
                required
                    ? found(Verdict.INVALID, "the field is required, and absent")
                    : found(Verdict.OPEN, "left open, as a value for the absent field is made"));
        if (first) {
          place(field.field.key());
        }
      }
    }
    for (int i = base + 2 * model.fields.length; i < rangesTop; i += 2) {
      separate();
      arranged.append(output.bytes(), ranges[i], ranges[i + 1]);
    }
    arranged.append('}');
    output.setLength(begin);
    output.append(arranged.bytes(), 0, arranged.length());
    return verdict;
  }

  private void separate() {
    if (arranged.length() > 1) {
      arranged.append(',');
    }
  }

  private void reserve(int count) {
    rangesTop += count;
    if (rangesTop > ranges.length) {
      ranges = Arrays.copyOf(ranges, 2 * rangesTop);
    }
  }

  /// Where the next key begins, if there is one: the text has no white space.
  private int keyAt() {
    int at = (int) cursor.byteOffset();
    return record[at] == ',' ? at + 1 : at;
  }

  /// Writes the value as it is.
  private Verdict copy(int from) {
    cursor.skipRest();
    output.append(record, from, (int) cursor.byteOffset());
    return Verdict.VALID;
  }

  private boolean isContainerOrNull() {
    return switch (cursor.kind()) {
      case NULL, OBJECT, ARRAY -> true;
      case STRING, INTEGER, BIG_INTEGER, FLOAT, TRUE, FALSE, END -> false;
    };
  }

  /// The value breaks a rule; the cursor is left behind it.
  private Verdict refused(String rule, int from) {
    cursor.skipRest();
    int to = (int) cursor.byteOffset();
    return found(Verdict.INVALID, rule + ", found " + shown(from, to));
  }

  private Verdict open(String reason, int from) {
    cursor.skipRest();
    int to = (int) cursor.byteOffset();
    return found(Verdict.OPEN, "left open, as there is " + reason + ", found " + shown(from, to));
  }

  private Verdict found(Verdict verdict, String what) {
    if (problem == null) {
      problem = what;
    }
    return verdict;
  }

  /// Says that what was found is below a key or index.
  private void place(String step) {
    boolean isElement = path.isEmpty() || path.charAt(0) == '[';
    path.insert(0, isElement ? step : step + ".");
  }

  private String shown(int from, int to) {
    // A character has up to four bytes.
    int shown = Math.min(to, from + Integer.BYTES * SHOWN_CHARACTERS);
    String text = new String(record, from, shown - from, StandardCharsets.UTF_8);
    return to == shown && text.length() <= SHOWN_CHARACTERS
        ? text
        : text.substring(0, Math.min(text.length(), SHOWN_CHARACTERS)) + "…";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String bounds(String lower, String upper) {
    return lower.isEmpty() || upper.isEmpty() ? lower + upper : lower + " and " + upper;
  }

  private static String described(ContractType.Length length, String unit) {
    if (length.minimum() == length.maximum()) {
      return "exactly " + counted(length.minimum(), unit);
    }
    if (length.maximum() == Long.MAX_VALUE) {
      return "at least " + counted(length.minimum(), unit);
    }
    return length.minimum() == 0
        ? "at most " + counted(length.maximum(), unit)
        : length.minimum() + " to " + counted(length.maximum(), unit);
  }

  private static String counted(long count, String unit) {
    return count + " " + unit + (count == 1 ? "" : "s");
  }
}
