package dev.dltjava.normalize;

import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.JsonText;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// Copies records that have to be read more than once. One owner, one thread.
final class RecordCopy {
  /// Bytes of an object without members, as compact text.
  private static final int EMPTY_OBJECT = 2;

  private final JsonText record = new JsonText();
  private final JsonText fields = new JsonText();

  /// The compact text of the record whose first token the cursor has read.
  byte[] of(JsonCursor cursor) {
    record.write(cursor);
    return bytes(record, 0, record.text().length());
  }

  /// As [#of(JsonCursor)], of two objects as if they were one.
  byte[] ofBoth(JsonCursor cursor, JsonCursor appended) {
    record.write(cursor);
    fields.write(appended);
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(bytes(record, 0, record.text().length() - 1));
    boolean comma = record.text().length() > EMPTY_OBJECT && fields.text().length() > EMPTY_OBJECT;
    if (comma) {
      both.write(',');
    }
    both.writeBytes(bytes(fields, 1, fields.text().length()));
    return both.toByteArray();
  }

  private static byte[] bytes(JsonText text, int from, int to) {
    return Arrays.copyOfRange(text.text().bytes(), from, to);
  }
}
