package dev.dltjava.pipeline;

import dev.dltjava.json.JsonText;
import dev.dltjava.json.JsonValue;
import dev.dltjava.transform.Comparand;
import dev.dltjava.transform.Condition;
import dev.dltjava.transform.FieldPath;
import dev.dltjava.transform.Transformation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Reads the option `transformations`; `docs/how-to/transformations.md` explains it.
final class TransformationsReader {
  /// Each is a pass over the record's fields; configurations have a dozen.
  private static final int MOST_STEPS = 100;

  /// Conditions are read and tested recursively.
  private static final int DEEPEST_CONDITION = 32;

  /// Each record's value is compared with one after the other.
  private static final int MOST_VALUES = 10_000;

  private static final List<String> STEPS =
      List.of("select", "drop", "rename", "cast", "filter", "constant", "hash");

  private static final Map<String, Condition.Operator> OPERATORS =
      Map.of(
          "equals", Condition.Operator.EQUAL,
          "not_equals", Condition.Operator.EQUAL,
          "less_than", Condition.Operator.LESS,
          "at_most", Condition.Operator.AT_MOST,
          "greater_than", Condition.Operator.GREATER,
          "at_least", Condition.Operator.AT_LEAST,
          "starts_with", Condition.Operator.STARTS_WITH,
          "ends_with", Condition.Operator.ENDS_WITH,
          "contains", Condition.Operator.CONTAINS);

  /// All that may stand beside `field`, for messages.
  private static final String COMPARISONS =
      "equals, not_equals, less_than, at_most, greater_than, at_least, in, not_in, is_null,"
          + " starts_with, ends_with, contains";

  private final Options options;

  TransformationsReader(Options options) {
    this.options = options;
  }

  List<Transformation> read() {
    List<Transformation> steps = new ArrayList<>();
    for (Options step : options.objects("transformations")) {
      if (steps.size() == MOST_STEPS) {
        throw options.refuse("transformations", "expected at most " + MOST_STEPS + " steps");
      }
      steps.add(step(step, "transformations[" + steps.size() + "]"));
      step.refuseUnknown();
    }
    return steps;
  }

  private Transformation step(Options step, String place) {
    List<String> named = STEPS.stream().filter(step::has).toList();
    if (named.size() != 1) {
      throw options.refuse(
          place,
          "expected exactly one of "
              + String.join(", ", STEPS)
              + ", found "
              + (named.isEmpty() ? String.join(", ", step.keys()) : String.join(" and ", named)));
    }
    return switch (named.getFirst()) {
      case "select" -> new Transformation.Select(paths(step, "select"));
      case "drop" -> new Transformation.Drop(paths(step, "drop"));
      case "rename" -> new Transformation.Rename(moves(step));
      case "cast" ->
          new Transformation.Cast(
              casts(step), step.choice("on_error", List.of("fail", "null")).equals("null"));
      case "filter" -> new Transformation.Filter(condition(step.object("filter"), 1));
      case "constant" -> new Transformation.Constant(constants(step));
      default ->
          new Transformation.Hash(
              hashes(step), step.optionalText("salt").orElse("").getBytes(StandardCharsets.UTF_8));
    };
  }

  private static List<FieldPath> paths(Options step, String key) {
    List<FieldPath> paths = new ArrayList<>();
    for (String text : step.texts(key)) {
      paths.add(path(step, key, text));
    }
    if (paths.isEmpty()) {
      throw step.refuse(key, "expected at least one path");
    }
    return paths;
  }

  private static FieldPath path(Options place, String key, String text) {
    try {
      return FieldPath.parse(text);
    } catch (IllegalArgumentException wrong) {
      throw place.refuse(key, String.valueOf(wrong.getMessage()));
    }
  }

  /// A path at which a value can be put.
  private static FieldPath assignable(Options place, String key, String text) {
    FieldPath path = path(place, key, text);
    if (!path.isAssignable()) {
      throw place.refuse(key, "expected a path that ends with a key, found '" + text + "'");
    }
    return path;
  }

  /// An object whose keys are paths.
  private static Options byPath(Options step, String key) {
    Options members = step.object(key);
    if (members.keys().isEmpty()) {
      throw step.refuse(key, "expected at least one path");
    }
    return members;
  }

  private static List<Transformation.Move> moves(Options step) {
    Options members = byPath(step, "rename");
    List<Transformation.Move> moves = new ArrayList<>();
    for (String source : members.keys()) {
      FieldPath from = assignable(step, "rename", source);
      FieldPath to = assignable(step, "rename", members.text(source));
      if (!from.hasElementsOf(to)) {
        throw step.refuse(
            "rename",
            "'"
                + from
                + "' and '"
                + to
                + "' must be in the elements of the same lists: the same path up to the last"
                + " '[*]'");
      }
      moves.add(new Transformation.Move(from, to));
    }
    return moves;
  }

  private static List<Transformation.TypedPath> casts(Options step) {
    Options members = byPath(step, "cast");
    List<Transformation.TypedPath> casts = new ArrayList<>();
    for (String path : members.keys()) {
      Transformation.CastType type =
          choice(members, path, Transformation.CastType.values(), "data_type of a column");
      casts.add(new Transformation.TypedPath(path(step, "cast", path), type));
    }
    return casts;
  }

  private static List<Transformation.HashedPath> hashes(Options step) {
    Options members = byPath(step, "hash");
    List<Transformation.HashedPath> hashes = new ArrayList<>();
    for (String path : members.keys()) {
      Transformation.HashAlgorithm algorithm =
          choice(members, path, Transformation.HashAlgorithm.values(), "");
      hashes.add(new Transformation.HashedPath(path(step, "hash", path), algorithm));
    }
    return hashes;
  }

  private static <E extends Enum<E>> E choice(
      Options members, String key, E[] allowed, String otherwise) {
    String value = members.text(key);
    for (E choice : allowed) {
      if (choice.name().toLowerCase(Locale.ROOT).equals(value)) {
        return choice;
      }
    }
    throw members.refuse(
        key,
        "expected one of "
            + String.join(
                ", ", Arrays.stream(allowed).map(e -> e.name().toLowerCase(Locale.ROOT)).toList())
            + ", found '"
            + value
            + "'"
            + (otherwise.isEmpty() ? "" : "; other types are a matter of the " + otherwise));
  }

  private static List<Transformation.Value> constants(Options step) {
    List<Transformation.Value> constants = new ArrayList<>();
    Options members = byPath(step, "constant");
    for (String path : members.keys()) {
      constants.add(
          new Transformation.Value(assignable(step, "constant", path), json(members.value(path))));
    }
    return constants;
  }

  private static String json(JsonValue scalar) {
    return switch (scalar) {
      case JsonValue.Text text -> JsonText.quoted(text.text());
      case JsonValue.Whole whole -> whole.value().toString();
      case JsonValue.Real real -> Double.toString(real.value());
      case JsonValue.Bool bool -> Boolean.toString(bool.value());
      case JsonValue.Null _ -> "null";
      case JsonValue.Nested nested -> nested.json();
    };
  }

  private static Condition condition(Options condition, int depth) {
    if (depth > DEEPEST_CONDITION) {
      throw condition.refuse(
          "", "conditions are nested more than " + DEEPEST_CONDITION + " levels deep");
    }
    Condition read = conditionOf(condition, depth);
    condition.refuseUnknown();
    return read;
  }

  private static Condition conditionOf(Options condition, int depth) {
    if (condition.has("and")) {
      return new Condition.And(conditions(condition, "and", depth));
    }
    if (condition.has("or")) {
      return new Condition.Or(conditions(condition, "or", depth));
    }
    if (condition.has("not")) {
      return new Condition.Not(condition(condition.object("not"), depth + 1));
    }
    if (!condition.has("field")) {
      throw condition.refuse("field", "is required, or one of and, or, not instead");
    }
    FieldPath path = path(condition, "field", condition.text("field"));
    if (path.hasElements()) {
      throw condition.refuse(
          "field", "'" + path + "' has '[*]'; a condition is about one value of the record");
    }
    List<Condition> comparisons = new ArrayList<>();
    for (String key : condition.keys()) {
      if (!key.equals("field")) {
        comparisons.add(comparison(condition, path, key));
      }
    }
    if (comparisons.isEmpty()) {
      throw condition.refuse("field", "expected one of " + COMPARISONS + " beside it");
    }
    return comparisons.size() == 1 ? comparisons.getFirst() : new Condition.And(comparisons);
  }

  private static List<Condition> conditions(Options condition, String key, int depth) {
    List<Condition> conditions = new ArrayList<>();
    for (Options inner : condition.objects(key)) {
      conditions.add(condition(inner, depth + 1));
    }
    if (conditions.isEmpty()) {
      throw condition.refuse(key, "expected at least one condition");
    }
    return conditions;
  }

  private static Condition comparison(Options condition, FieldPath path, String key) {
    return switch (key) {
      case "in" -> equality(path, values(condition, key));
      case "not_in" -> new Condition.Not(equality(path, values(condition, key)));
      case "is_null" -> {
        if (!(condition.value(key) instanceof JsonValue.Bool isNull)) {
          throw condition.refuse(key, "expected true or false");
        }
        Condition equality = equality(path, List.of(new JsonValue.Null()));
        yield isNull.value() ? equality : new Condition.Not(equality);
      }
      case "not_equals" -> new Condition.Not(equality(path, List.of(condition.value(key))));
      default -> {
        Condition.Operator operator = OPERATORS.get(key);
        if (operator == null) {
          throw condition.refuse(key, "is not known; expected one of " + COMPARISONS);
        }
        JsonValue value = condition.value(key);
        check(condition, key, operator, value);
        yield new Condition.Comparison(path, operator, List.of(new Comparand(value)));
      }
    };
  }

  private static List<JsonValue> values(Options condition, String key) {
    List<JsonValue> values = condition.values(key);
    if (values.isEmpty() || values.size() > MOST_VALUES) {
      throw condition.refuse(key, "expected an array of 1 to " + MOST_VALUES + " values");
    }
    return values;
  }

  private static Condition equality(FieldPath path, List<JsonValue> values) {
    return new Condition.Comparison(
        path, Condition.Operator.EQUAL, values.stream().map(Comparand::new).toList());
  }

  private static void check(
      Options condition, String key, Condition.Operator operator, JsonValue value) {
    boolean number = value instanceof JsonValue.Whole || value instanceof JsonValue.Real;
    boolean text = value instanceof JsonValue.Text;
    switch (operator) {
      case LESS, AT_MOST, GREATER, AT_LEAST -> {
        if (!number && !text) {
          throw condition.refuse(key, "expected a number or a string");
        }
      }
      case STARTS_WITH, ENDS_WITH -> {
        if (!text) {
          throw condition.refuse(key, "expected a string");
        }
      }
      case EQUAL, CONTAINS -> {}
    }
  }
}
