package dev.dltjava.json;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Walks the records of one document; the whole document is read, so that a fault behind the last
/// record is found too. One thread.
public final class RecordReader implements AutoCloseable {
  private enum Place {
    BEFORE,
    IN_ARRAY,
    AT_SINGLE,
    AFTER
  }

  private final JsonCursor cursor;
  private final InputStream body;
  private final RecordPath path;
  private final List<KeyToken> tokens = new ArrayList<>();
  private final boolean several;
  private final boolean continues;
  private Place place = Place.BEFORE;
  private long row;

  /// How many objects of the path are open around the records.
  private int openObjects;

  /// @param cursor reads one document after the other
  /// @param body closed with the reader
  /// @param several whether the text may hold one document behind the other, as JSON Lines do
  public RecordReader(JsonCursor cursor, InputStream body, RecordPath path, boolean several) {
    this(cursor, body, path, several, Optional.empty());
  }

  /// @param before where the text begins, if it is a part of one that another part precedes
  public RecordReader(
      JsonCursor cursor,
      InputStream body,
      RecordPath path,
      boolean several,
      Optional<TextPosition> before) {
    TextPosition start = before.orElse(TextPosition.START);
    this.continues = before.isPresent();
    this.row = start.records() - 1;
    this.cursor = cursor;
    this.body = body;
    this.path = path;
    this.several = several;
    for (String key : path.keys()) {
      tokens.add(KeyToken.of(key.getBytes(StandardCharsets.UTF_8)));
    }
    cursor.open(body, start);
  }

  /// The cursor, which has read the record's first token, and is to be left behind its last one.
  public JsonCursor cursor() {
    return cursor;
  }

  /// Index of the current record in its document, -1 before the first.
  public long row() {
    return row;
  }

  /// Where the reader is, once it has found no further record.
  public TextPosition position() {
    return new TextPosition(cursor.byteOffset(), cursor.line(), row + 1);
  }

  /// Moves to the first token of the next record, if there is one.
  public boolean next() {
    if (place == Place.BEFORE) {
      if (!continues) {
        cursor.skipByteOrderMark();
      }
      JsonKind first = cursor.document();
      if (first == JsonKind.END && !several) {
        throw new DltJavaException(
            ErrorCode.JSON,
            ErrorLocation.NONE.withRow(row).withByteOffset(cursor.byteOffset()),
            "the document is cut off: the body is empty, expected JSON");
      }
      place = first == JsonKind.END ? Place.AFTER : findRecords(first);
    }
    while (true) {
      switch (place) {
        case AT_SINGLE -> {
          place = Place.AFTER;
          row++;
          return true;
        }
        case IN_ARRAY -> {
          if (cursor.toElement()) {
            row++;
            cursor.value();
            return true;
          }
          place = Place.AFTER;
        }
        case BEFORE, AFTER -> {}
      }
      JsonKind following = finish();
      if (following == JsonKind.END) {
        return false;
      }
      place = findRecords(following);
    }
  }

  private Place findRecords(JsonKind first) {
    JsonKind kind = first;
    for (int i = 0; i < tokens.size(); i++) {
      String key = path.keys().get(i);
      if (kind != JsonKind.OBJECT) {
        String reason = "expected an object with the key '" + key + "', found " + describe(kind);
        if (path.missing() != RecordPath.Missing.EMPTY) {
          throw notFound(reason);
        }
        cursor.skipRest();
        return Place.AFTER;
      }
      openObjects++;
      if (!findKey(tokens.get(i), key)) {
        openObjects--;
        return missing("the key '" + key + "' is not there");
      }
      kind = cursor.value();
    }
    if (kind == JsonKind.NULL
        && (path.missing() == RecordPath.Missing.EMPTY || !path.keys().isEmpty())) {
      return missing("the value is null");
    }
    return kind == JsonKind.ARRAY ? Place.IN_ARRAY : Place.AT_SINGLE;
  }

  private boolean findKey(KeyToken token, String key) {
    while (cursor.toKey()) {
      if (cursor.skipKey(token)) {
        return true;
      }
      cursor.readKey();
      if (key.equals(cursor.string())) {
        return true;
      }
      cursor.value();
      cursor.skipRest();
    }
    return false;
  }

  private Place missing(String reason) {
    if (path.missing() == RecordPath.Missing.REFUSED) {
      throw notFound(reason);
    }
    return Place.AFTER;
  }

  private DltJavaException notFound(String reason) {
    return new DltJavaException(
        ErrorCode.RECORD,
        ErrorLocation.NONE.withByteOffset(cursor.byteOffset()),
        "no records at '" + String.join(".", path.keys()) + "': " + reason);
  }

  /// Reads what follows the records up to the end of the document, and the first token of the next
  /// one.
  private JsonKind finish() {
    for (; openObjects > 0; openObjects--) {
      while (cursor.toKey()) {
        cursor.readKey();
        cursor.value();
        cursor.skipRest();
      }
    }
    boolean whole = cursor.atEnd();
    long offset = cursor.byteOffset();
    JsonKind following = cursor.document();
    if (!whole && !several) {
      throw new DltJavaException(
          ErrorCode.JSON,
          ErrorLocation.NONE.withByteOffset(offset),
          "the document has ended, but " + describe(following) + " follows; expected one document");
    }
    return following;
  }

  private static String describe(JsonKind kind) {
    return switch (kind) {
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      case STRING -> "a string";
      case INTEGER, BIG_INTEGER, FLOAT -> "a number";
      case TRUE, FALSE -> "a boolean";
      case NULL -> "null";
      case END -> "nothing";
    };
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
