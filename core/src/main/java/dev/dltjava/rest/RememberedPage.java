package dev.dltjava.rest;

import dev.dltjava.http.Validator;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.JsonKind;
import dev.dltjava.json.JsonValue;
import dev.dltjava.limits.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A page that was delivered whole, and what its body has said of the pages behind it: a server
/// that answers that it is unchanged sends no body.
///
/// @param validator asks the server whether it is unchanged
/// @param values those that its chain's paginator reads; JSON null where there was none
/// @param hasRecords whether it had any, if the paginator asks
/// @param detected what it has told as the first page of a chain, if it was asked
public record RememberedPage(
    Validator validator, List<JsonValue> values, boolean hasRecords, Optional<Detected> detected) {
  public RememberedPage {
    values = List.copyOf(values);
  }

  /// The values as the text of a JSON array.
  public String valuesText() {
    return text(values);
  }

  static String text(List<JsonValue> values) {
    List<String> texts = new ArrayList<>();
    for (JsonValue value : values) {
      texts.add(PythonValue.encoded(value, RequestTemplate.Encoding.JSON));
    }
    return "[" + String.join(",", texts) + "]";
  }

  /// What [#valuesText] has written.
  ///
  /// @throws dev.dltjava.error.DltJavaException if the text is another one
  public static List<JsonValue> values(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    JsonCursor cursor = new JsonCursor(Limits.DEFAULT);
    cursor.open(utf8, 0, utf8.length);
    List<JsonValue> values = new ArrayList<>();
    if (cursor.value() == JsonKind.ARRAY) {
      while (cursor.toElement()) {
        cursor.value();
        values.add(JsonValue.read(cursor));
      }
    }
    return values;
  }

  /// What a first page tells.
  ///
  /// @param records object keys from the root to its records
  public record Detected(Paginator paginator, List<String> records) {
    public Detected {
      records = List.copyOf(records);
    }
  }
}
