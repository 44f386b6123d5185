package dev.dltjava.transform;

import dev.dltjava.json.FloatText;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.JsonKind;
import dev.dltjava.json.JsonText;
import dev.dltjava.limits.Limits;
import dev.dltjava.normalize.BooleanText;
import dev.dltjava.normalize.PythonNumber;
import dev.dltjava.normalize.TimestampText;
import dev.dltjava.time.EpochSeconds;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Converts values as dlt converts them for a column whose type is known
/// (`dlt/common/data_types/type_helpers.py`).
final class Casting implements Step {
  private static final String NULL = "null";

  private static final long MICROS_PER_SECOND = 1_000_000;

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT);

  private final Transformation.Cast cast;
  private final StepPlace place;
  private final JsonCursor cursor;
  private final JsonText jsonText = new JsonText();
  private final TimestampText timestampText = new TimestampText();

  Casting(Transformation.Cast cast, Limits limits, StepPlace place) {
    this.cast = cast;
    this.place = place;
    this.cursor = new JsonCursor(limits);
  }

  @Override
  public boolean apply(RecordTree tree) {
    for (Transformation.TypedPath typed : cast.paths()) {
      FieldPath path = typed.path();
      path.forEach(tree, RecordTree.ROOT, 0, path.length(), node -> convert(tree, node, typed));
    }
    return true;
  }

  private void convert(RecordTree tree, int node, Transformation.TypedPath typed) {
    JsonKind kind = tree.open(node, cursor);
    if (kind == JsonKind.NULL || isOf(typed.type(), kind)) {
      return;
    }
    String converted =
        switch (typed.type()) {
          case TEXT -> text();
          case BIGINT -> bigint();
          case DOUBLE -> real();
          case BOOL -> truth();
          case TIMESTAMP -> timestamp();
        };
    if (converted == null && !cast.nullOnError()) {
      throw place.wrong(
          typed.path(),
          "cast: "
              + tree.kind(node)
              + " at '"
              + typed.path()
              + "' cannot be converted to "
              + typed.type().name().toLowerCase(Locale.ROOT)
              + "; \"on_error\": \"null\" beside the cast makes such values null");
    }
    tree.set(node, tree.hold(converted == null ? NULL : converted));
  }

  /// Whether a value stays as it is.
  private static boolean isOf(Transformation.CastType type, JsonKind kind) {
    return switch (type) {
      case TEXT -> kind == JsonKind.STRING;
      case BIGINT -> kind == JsonKind.INTEGER || kind == JsonKind.BIG_INTEGER;
      case DOUBLE -> kind == JsonKind.FLOAT;
      case BOOL -> kind == JsonKind.TRUE || kind == JsonKind.FALSE;
      case TIMESTAMP -> false;
    };
  }

  /// As Python's `str`; objects and lists as JSON.
  private @Nullable String text() {
    return switch (cursor.kind()) {
      case INTEGER -> JsonText.quoted(Long.toString(cursor.integer()));
      case BIG_INTEGER -> JsonText.quoted(cursor.string());
      case FLOAT -> JsonText.quoted(FloatText.python(cursor.real()));
      case TRUE -> JsonText.quoted("True");
      case FALSE -> JsonText.quoted("False");
      case OBJECT, ARRAY -> {
        jsonText.write(cursor);
        yield jsonText.halfPair() ? null : JsonText.quoted(jsonText.string());
      }
      case STRING, NULL, END -> throw unreachable();
    };
  }

  private @Nullable String bigint() {
    return switch (cursor.kind()) {
      case FLOAT -> {
        double real = cursor.real();
        boolean fits = real == Math.rint(real) && Math.abs(real) < 0x1p63;
        yield fits ? Long.toString((long) real) : null;
      }
      case STRING -> {
        Optional<BigInteger> parsed = PythonNumber.integer(cursor.string());
        yield parsed.isPresent() && parsed.get().bitLength() < Long.SIZE
            ? parsed.get().toString()
            : null;
      }
      case TRUE, FALSE, OBJECT, ARRAY -> null;
      case INTEGER, BIG_INTEGER, NULL, END -> throw unreachable();
    };
  }

  private @Nullable String real() {
    return switch (cursor.kind()) {
      case INTEGER -> FloatText.python(cursor.integer());
      case BIG_INTEGER -> {
        double real = new BigDecimal(cursor.string()).doubleValue();
        yield Double.isFinite(real) ? FloatText.python(real) : null;
      }
      case STRING -> {
        OptionalDouble parsed = PythonNumber.real(cursor.string());
        // JSON has no infinities, and dlt loads them as null.
        yield parsed.isEmpty()
            ? null
            : Double.isFinite(parsed.getAsDouble()) ? FloatText.python(parsed.getAsDouble()) : NULL;
      }
      case TRUE, FALSE, OBJECT, ARRAY -> null;
      case FLOAT, NULL, END -> throw unreachable();
    };
  }

  private @Nullable String truth() {
    return switch (cursor.kind()) {
      case INTEGER -> Boolean.toString(cursor.integer() != 0);
      case BIG_INTEGER -> Boolean.toString(true);
      case FLOAT -> Boolean.toString(cursor.real() != 0);
      case STRING -> BooleanText.read(cursor.string()).map(Object::toString).orElse(null);
      case OBJECT, ARRAY -> null;
      case TRUE, FALSE, NULL, END -> throw unreachable();
    };
  }

  /// Python's `isoformat` of the point in time in UTC.
  private @Nullable String timestamp() {
    long micros =
        switch (cursor.kind()) {
          case INTEGER -> EpochSeconds.micros(cursor.integer());
          case FLOAT -> EpochSeconds.micros(cursor.real());
          case STRING -> timestampText.micros(cursor.text(), cursor.start(), cursor.end());
          case BIG_INTEGER, TRUE, FALSE, OBJECT, ARRAY -> Long.MIN_VALUE;
          case NULL, END -> throw unreachable();
        };
    if (micros == Long.MIN_VALUE) {
      return null;
    }
    int fraction = (int) Math.floorMod(micros, MICROS_PER_SECOND);
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(micros, MICROS_PER_SECOND), fraction * 1_000, ZoneOffset.UTC);
    return '"' + (fraction == 0 ? SECONDS : MICROS).format(time) + "+00:00\"";
  }

  private IllegalStateException unreachable() {
    return new IllegalStateException("not to be converted: " + cursor.kind());
  }
}
