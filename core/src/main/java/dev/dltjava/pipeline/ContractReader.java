package dev.dltjava.pipeline;

import dev.dltjava.contract.ContractType;
import dev.dltjava.contract.RecordContract;
import dev.dltjava.contract.TextPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the option `contract`; `docs/reference/options.md` describes it.
final class ContractReader {
  private static final List<String> TYPES =
      List.of(
          "any",
          "text",
          "integer",
          "number",
          "boolean",
          "timestamp",
          "date",
          "uuid",
          "choice",
          "scalar",
          "array",
          "map",
          "object",
          "reference",
          "unknown");

  private final Options contract;
  private final Map<String, Options> references = new LinkedHashMap<>();

  ContractReader(Options contract) {
    this.contract = contract;
  }

  RecordContract read() {
    boolean discards = contract.choice("invalid", List.of("ask", "discard")).equals("discard");
    ContractType record = type(contract, "record");
    Map<String, ContractType> definitions = new HashMap<>();
    Options named = contract.object("definitions");
    for (String name : named.keys()) {
      ContractType definition = type(named, name);
      if (definition instanceof ContractType.Reference
          || definition instanceof ContractType.Nullable nullable
              && nullable.type() instanceof ContractType.Reference) {
        throw named.refuse(name, "expected a type that is no reference itself");
      }
      definitions.put(name, definition);
    }
    references.forEach(
        (name, place) -> {
          if (!definitions.containsKey(name)) {
            throw place.refuse("name", "no definition has the name '" + name + "'");
          }
        });
    contract.refuseUnknown();
    return new RecordContract(record, definitions, discards);
  }

  private ContractType type(Options parent, String key) {
    if (!parent.has(key)) {
      throw parent.refuse(key, "is required");
    }
    Options options = parent.object(key);
    ContractType type = type(options);
    boolean nullable = options.flag("nullable");
    options.refuseUnknown();
    return nullable ? new ContractType.Nullable(type) : type;
  }

  private ContractType type(Options options) {
    return switch (options.choice("type", TYPES)) {
      case "text" -> text(options);
      case "integer" -> whole(options);
      case "number" -> real(options);
      case "boolean" -> new ContractType.Flag();
      case "timestamp" -> new ContractType.Timestamp();
      case "date" -> new ContractType.Date();
      case "uuid" -> new ContractType.Uuid();
      case "choice" -> choice(options);
      case "scalar" -> {
        List<String> kinds = options.texts("kinds");
        yield new ContractType.Scalar(
            kinds.contains("text"),
            kinds.contains("integer"),
            kinds.contains("number"),
            kinds.contains("boolean"));
      }
      case "array" -> new ContractType.Items(type(options, "items"), length(options));
      case "map" -> new ContractType.Mapping(type(options, "values"), length(options));
      case "object" -> model(options);
      case "reference" -> {
        String name = options.text("name");
        references.putIfAbsent(name, options);
        yield new ContractType.Reference(name);
      }
      case "unknown" -> new ContractType.Unknown(options.text("reason"));
      default -> new ContractType.Any();
    };
  }

  private static ContractType text(Options options) {
    Optional<String> source = options.optionalText("pattern");
    ContractType.Length length = length(options);
    if (source.isEmpty()) {
      return new ContractType.Text(length, Optional.empty());
    }
    Optional<TextPattern> pattern = TextPattern.of(source.get());
    return pattern.isPresent()
        ? new ContractType.Text(length, pattern)
        : new ContractType.Unknown(
            "the pattern "
                + source.get()
                + " needs more than characters, sets, groups and repeats");
  }

  private static ContractType.Length length(Options options) {
    long minimum = options.integer("min_length", 0, 0, Long.MAX_VALUE);
    return new ContractType.Length(
        minimum, options.integer("max_length", Long.MAX_VALUE, 0, Long.MAX_VALUE));
  }

  private static ContractType whole(Options options) {
    boolean bounded =
        options.has("minimum") || options.has("maximum") || options.has("multiple_of");
    long smallest = Long.MIN_VALUE;
    long largest = Long.MAX_VALUE;
    return new ContractType.Whole(
        options.integer("minimum", smallest, smallest, largest),
        options.integer("maximum", largest, smallest, largest),
        options.integer("multiple_of", 1, 1, largest),
        bounded);
  }

  private static ContractType real(Options options) {
    double infinite = Double.POSITIVE_INFINITY;
    return new ContractType.Real(
        options.number("minimum", -infinite, -infinite, infinite),
        options.flag("above_minimum"),
        options.number("maximum", infinite, -infinite, infinite),
        options.flag("below_maximum"));
  }

  private static ContractType choice(Options options) {
    Set<Long> integers = new HashSet<>();
    for (long value : options.longs("integers")) {
      integers.add(value);
    }
    return new ContractType.Choice(
        Set.copyOf(options.texts("texts")), integers, options.flag("closed"));
  }

  private ContractType model(Options options) {
    ContractType.Extra extra =
        switch (options.choice("extra", List.of("ignore", "keep", "forbid"))) {
          case "keep" -> ContractType.Extra.KEPT;
          case "forbid" -> ContractType.Extra.FORBIDDEN;
          default -> ContractType.Extra.IGNORED;
        };
    List<ContractType.Field> fields = new ArrayList<>();
    for (Options field : options.objects("fields")) {
      String key = field.text("key");
      Optional<String> standard = field.optionalText("default");
      fields.add(
          new ContractType.Field(
              key,
              field.optionalText("name").orElse(key),
              type(field, "value"),
              field.flag("required"),
              standard));
      field.refuseUnknown();
    }
    return new ContractType.Model(fields, extra);
  }
}
