package dev.dltjava.normalize;

import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.JsonText;
import java.util.Arrays;

/// Copies records that have to be read more than once. One owner, one thread.
final class RecordCopy {
  private final JsonText record = new JsonText();

  /// The compact text of the record whose first token the cursor has read.
  byte[] of(JsonCursor cursor) {
    record.write(cursor);
    return Arrays.copyOf(record.text().bytes(), record.text().length());
  }

  /// As [#of(JsonCursor)], of two objects as if they were one.
  byte[] ofBoth(JsonCursor cursor, JsonCursor appended) {
    return JsonText.joined(of(cursor), of(appended));
  }
}
