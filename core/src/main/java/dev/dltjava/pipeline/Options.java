package dev.dltjava.pipeline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.json.JsonValue;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One object of a source's options, with typed access that names the key in every refusal; keys
/// that nobody asked for are refused at the end. One thread.
final class Options {
  private final String path;
  private final Map<String, @Nullable Object> values;
  private final Set<String> used = new HashSet<>();

  private Options(String path, Map<String, @Nullable Object> values) {
    this.path = path;
    this.values = values;
  }

  /// Reads a JSON object.
  static Options parse(String json) {
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw refusal("", "expected a JSON object");
      }
      Options options = new Options("", readObject(parser));
      if (parser.nextToken() != null) {
        throw refusal("", "expected one JSON object and nothing behind it");
      }
      return options;
    } catch (JsonProcessingException e) {
      throw refusal("", "not valid JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw refusal("", "could not be read: " + e.getMessage());
    }
  }

  private static Map<String, @Nullable Object> readObject(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      object.put(key, readValue(parser));
    }
    return object;
  }

  private static @Nullable Object readValue(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> readObject(parser);
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(readValue(parser));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      case VALUE_NULL -> null;
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("not a value: " + parser.currentToken());
    };
  }

  /// A refusal that names the key; to be thrown by whoever finds a value wrong later on.
  DltJavaException refuse(String key, String reason) {
    return refusal(path + key, reason);
  }

  private static DltJavaException refusal(String key, String reason) {
    String subject = key.isEmpty() ? "options" : "option '" + key + "'";
    return new DltJavaException(ErrorCode.OPTIONS, ErrorLocation.NONE, subject + ": " + reason);
  }

  Set<String> keys() {
    used.addAll(values.keySet());
    return values.keySet();
  }

  boolean has(String key) {
    used.add(key);
    return values.get(key) != null;
  }

  String text(String key) {
    return optionalText(key).orElseThrow(() -> refuse(key, "is required"));
  }

  Optional<String> optionalText(String key) {
    used.add(key);
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case String text -> Optional.of(text);
      default -> throw refuse(key, "expected a string");
    };
  }

  long integer(String key, long standard, long minimum, long maximum) {
    used.add(key);
    return switch (values.get(key)) {
      case null -> standard;
      case Long number when number >= minimum && number <= maximum -> number;
      default -> throw refuse(key, "expected an integer from " + minimum + " to " + maximum);
    };
  }

  double number(String key, double standard, double minimum, double maximum) {
    used.add(key);
    double value =
        switch (values.get(key)) {
          case null -> standard;
          case Long number -> number;
          case Double number -> number;
          default -> Double.NaN;
        };
    if (!(value >= minimum && value <= maximum)) {
      throw refuse(key, "expected a number from " + minimum + " to " + maximum);
    }
    return value;
  }

  boolean flag(String key) {
    used.add(key);
    return switch (values.get(key)) {
      case null -> false;
      case Boolean flag -> flag;
      default -> throw refuse(key, "expected true or false");
    };
  }

  /// A string out of `allowed`, of which the first is the default.
  String choice(String key, List<String> allowed) {
    String value = optionalText(key).orElse(allowed.get(0));
    if (!allowed.contains(value)) {
      throw refuse(
          key, "expected one of " + String.join(", ", allowed) + ", found '" + value + "'");
    }
    return value;
  }

  List<String> texts(String key) {
    return texts(key, list(key));
  }

  private List<String> texts(String key, List<?> elements) {
    List<String> texts = new ArrayList<>();
    for (Object element : elements) {
      if (!(element instanceof String text)) {
        throw refuse(key, "expected an array of strings");
      }
      texts.add(text);
    }
    return texts;
  }

  List<List<String>> lists(String key) {
    List<List<String>> lists = new ArrayList<>();
    for (Object element : list(key)) {
      if (!(element instanceof List<?> texts)) {
        throw refuse(key, "expected an array of arrays of strings");
      }
      lists.add(texts(key, texts));
    }
    return lists;
  }

  List<Long> longs(String key) {
    List<Long> longs = new ArrayList<>();
    for (Object element : list(key)) {
      if (!(element instanceof Long number)) {
        throw refuse(key, "expected an array of integers");
      }
      longs.add(number);
    }
    return longs;
  }

  List<Integer> integers(String key) {
    List<Integer> integers = new ArrayList<>();
    for (Object element : list(key)) {
      if (!(element instanceof Long number) || number != number.intValue()) {
        throw refuse(key, "expected an array of integers");
      }
      integers.add(number.intValue());
    }
    return integers;
  }

  /// The strings, and integers from 0, of an array.
  List<Object> textsAndIntegers(String key) {
    List<Object> elements = new ArrayList<>();
    for (Object element : list(key)) {
      switch (element) {
        case String text -> elements.add(text);
        case Long number when number >= 0 && number <= Integer.MAX_VALUE ->
            elements.add(number.intValue());
        case null, default ->
            throw refuse(key, "expected an array of strings and of integers from 0");
      }
    }
    return elements;
  }

  /// A string, or an array of strings and objects: strings and [Options].
  List<Object> textOrParts(String key) {
    if (values.get(key) instanceof String) {
      return List.of(text(key));
    }
    List<Object> parts = new ArrayList<>();
    for (Object element : list(key)) {
      parts.add(
          element instanceof String ? element : nested(key + "[" + parts.size() + "]", element));
    }
    if (parts.isEmpty()) {
      throw refuse(key, "is required");
    }
    return parts;
  }

  /// The objects of an array, none if it is absent.
  List<Options> objects(String key) {
    List<Options> objects = new ArrayList<>();
    for (Object element : list(key)) {
      objects.add(nested(key + "[" + objects.size() + "]", element));
    }
    return objects;
  }

  /// A nested object, empty if it is absent.
  Options object(String key) {
    used.add(key);
    Object value = values.get(key);
    return nested(key, value == null ? Map.of() : value);
  }

  /// The scalars of a nested object: strings, longs, doubles or booleans.
  Map<String, Object> scalars(String key) {
    Options nested = object(key);
    Map<String, Object> scalars = new LinkedHashMap<>();
    for (String name : nested.keys()) {
      Object value = nested.values.get(name);
      if (value == null || value instanceof List || value instanceof Map) {
        throw nested.refuse(name, "expected a string, a number or a boolean");
      }
      scalars.put(name, value);
    }
    return scalars;
  }

  /// A string, a number, a boolean or null.
  JsonValue value(String key) {
    used.add(key);
    return value(key, values.get(key));
  }

  /// Such values of an array.
  List<JsonValue> values(String key) {
    List<JsonValue> elements = new ArrayList<>();
    for (Object element : list(key)) {
      elements.add(value(key, element));
    }
    return elements;
  }

  private JsonValue value(String key, @Nullable Object value) {
    return switch (value) {
      case null -> new JsonValue.Null();
      case String text -> new JsonValue.Text(text);
      case Long number -> new JsonValue.Whole(BigInteger.valueOf(number));
      case Double number -> new JsonValue.Real(number);
      case Boolean truth -> new JsonValue.Bool(truth);
      default -> throw refuse(key, "expected a string, a number, a boolean or null");
    };
  }

  private List<?> list(String key) {
    used.add(key);
    return switch (values.get(key)) {
      case null -> List.of();
      case List<?> list -> list;
      default -> throw refuse(key, "expected an array");
    };
  }

  @SuppressWarnings("unchecked") // readObject() makes every map
  private Options nested(String key, @Nullable Object value) {
    if (!(value instanceof Map)) {
      throw refuse(key, "expected an object");
    }
    return new Options(path + key + ".", (Map<String, @Nullable Object>) value);
  }

  /// Refuses keys that no method above was asked for.
  void refuseUnknown() {
    for (String key : values.keySet()) {
      if (!used.contains(key)) {
        throw refuse(key, "is not known; docs/reference/options.md lists the keys");
      }
    }
  }
}
