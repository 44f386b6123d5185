package dev.dltjava.normalize;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.json.FloatText;
import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.JsonText;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The primary key of the root row that is being filled, as the values were before they were
/// coerced. One owner, one thread.
final class RowKey {
  private final List<String> names;
  private final @Nullable String[] values;
  private final JsonCursor cursor;
  private final JsonText jsonText = new JsonText();

  /// @param cursor free whenever a value is set
  RowKey(List<String> names, JsonCursor cursor) {
    this.names = names.stream().distinct().sorted().toList();
    this.values = new String[this.names.size()];
    this.cursor = cursor;
  }

  /// The position of a column in the key, -1 if it is not in it.
  int indexOf(String column) {
    return names.indexOf(column);
  }

  void startRow() {
    Arrays.fill(values, null);
  }

  void clear(int index) {
    values[index] = null;
  }

  void set(int index, Scalar value) {
    values[index] =
        switch (value.type()) {
          case TEXT -> JsonText.quoted(value.text());
          case BIGINT -> Long.toString(value.number());
          case DOUBLE -> FloatText.orjson(value.real());
          case BOOL -> value.number() != 0 ? "true" : "false";
          case JSON -> sorted(value);
          case TIMESTAMP ->
              throw new DltJavaException(
                  ErrorCode.OPTIONS,
                  ErrorLocation.NONE.withColumn(names.get(index)),
                  "the time of the response cannot be part of a primary key");
          case BINARY, DECIMAL, WEI, DATE, TIME ->
              throw new IllegalStateException("JSON has no " + value.type().dltName());
        };
  }

  private String sorted(Scalar json) {
    cursor.open(json.utf8(), json.offset(), json.offset() + json.length());
    cursor.value();
    jsonText.writeSorted(cursor, key -> true);
    return jsonText.string();
  }

  /// The key as JSON with sorted names, which is what dlt hashes.
  String json() {
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < values.length; i++) {
      if (values[i] == null) {
        throw new DltJavaException(
            ErrorCode.RECORD,
            ErrorLocation.NONE.withColumn(names.get(i)),
            "the record has no value for '" + names.get(i) + "', which is in the primary key");
      }
      json.append(i == 0 ? "" : ",").append(JsonText.quoted(names.get(i))).append(':');
      json.append(values[i]);
    }
    return json.append('}').toString();
  }
}
