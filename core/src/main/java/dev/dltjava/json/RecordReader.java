package dev.dltjava.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import dev.dltjava.limits.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Walks the records of one document, token by token; the whole document is read, so that a fault
/// behind the last record is found too. One thread.
public final class RecordReader implements AutoCloseable {
  private enum Place {
    BEFORE,
    IN_ARRAY,
    AT_SINGLE,
    AFTER
  }

  private final JsonParser parser;
  private final RecordPath path;
  private final boolean several;
  private Place place = Place.BEFORE;
  private long row = -1;

  /// How many objects of the path are open around the records.
  private int openObjects;

  /// @param factory one of [#factory(Limits)], shared by the documents of a source for its name
  ///   table
  /// @param body closed with the reader
  /// @param several whether the text may hold one document behind the other, as JSON Lines do
  public RecordReader(JsonFactory factory, InputStream body, RecordPath path, boolean several) {
    try {
      // Reads the first bytes: it tells UTF-8 from UTF-16 by them.
      this.parser = factory.createParser(new Utf8Input(body));
    } catch (IOException failure) {
      throw fault(failure, ErrorLocation.NONE, "");
    }
    this.path = path;
    this.several = several;
  }

  /// A parser factory that keeps to the limits.
  public static JsonFactory factory(Limits limits) {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(limits.nestingDepth())
                .maxStringLength(limits.stringBytes())
                .maxNumberLength(4_096)
                .maxNameLength(65_536)
                .build())
        // Names are compared within one source only; the JVM-wide table would be a shared lock.
        .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
        .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
        .build();
  }

  /// The parser, to be left on the last token of the record.
  public JsonParser parser() {
    return parser;
  }

  /// Index of the current record in its document, -1 before the first.
  public long row() {
    return row;
  }

  /// Moves to the first token of the next record, if there is one.
  public boolean next() throws IOException {
    if (place == Place.BEFORE) {
      JsonToken token = parser.nextToken();
      if (token == null && !several) {
        throw new JsonEOFException(parser, null, "the body is empty");
      }
      place = token == null ? Place.AFTER : findRecords(token);
    }
    while (true) {
      switch (place) {
        case AT_SINGLE -> {
          place = Place.AFTER;
          row++;
          return true;
        }
        case IN_ARRAY -> {
          if (parser.nextToken() != JsonToken.END_ARRAY) {
            row++;
            return true;
          }
          place = Place.AFTER;
        }
        case BEFORE, AFTER -> {}
      }
      JsonToken following = finish();
      if (following == null) {
        return false;
      }
      place = findRecords(following);
    }
  }

  private Place findRecords(JsonToken first) throws IOException {
    JsonToken token = first;
    for (String key : path.keys()) {
      if (token != JsonToken.START_OBJECT) {
        String reason = "expected an object with the key '" + key + "', found " + describe(token);
        if (path.missing() != RecordPath.Missing.EMPTY) {
          throw notFound(reason);
        }
        parser.skipChildren();
        return Place.AFTER;
      }
      openObjects++;
      token = findKey(key);
      if (token == null) {
        openObjects--;
        return missing("the key '" + key + "' is not there");
      }
    }
    if (token == JsonToken.VALUE_NULL
        && (path.missing() == RecordPath.Missing.EMPTY || !path.keys().isEmpty())) {
      return missing("the value is null");
    }
    return token == JsonToken.START_ARRAY ? Place.IN_ARRAY : Place.AT_SINGLE;
  }

  private @Nullable JsonToken findKey(String key) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      boolean found = key.equals(parser.currentName());
      JsonToken token = parser.nextToken();
      if (found) {
        return token;
      }
      parser.skipChildren();
    }
    return null;
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
        ErrorLocation.NONE.withByteOffset(parser.currentLocation().getByteOffset()),
        "no records at '" + String.join(".", path.keys()) + "': " + reason);
  }

  /// Reads what follows the records up to the end of the document, and returns the first token of
  /// the next one, `null` if the text has ended.
  private @Nullable JsonToken finish() throws IOException {
    while (openObjects > 0) {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.END_OBJECT) {
        openObjects--;
      } else {
        parser.skipChildren();
      }
    }
    JsonToken following = parser.nextToken();
    if (following != null && !several) {
      throw new DltJavaException(
          ErrorCode.JSON,
          ErrorLocation.NONE.withByteOffset(parser.currentTokenLocation().getByteOffset()),
          "the document has ended, but " + describe(following) + " follows");
    }
    return following;
  }

  private static String describe(JsonToken token) {
    return switch (token) {
      case START_OBJECT, END_OBJECT, FIELD_NAME -> "an object";
      case START_ARRAY, END_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "nothing";
    };
  }

  /// What a failure of the parser means, in the library's own terms.
  public DltJavaException fault(IOException failure) {
    long offset = parser.currentLocation().getByteOffset();
    return fault(
        failure,
        ErrorLocation.NONE.withRow(row).withByteOffset(offset),
        " in line " + parser.currentLocation().getLineNr());
  }

  private static DltJavaException fault(IOException failure, ErrorLocation location, String line) {
    if (failure instanceof MalformedUtf8Exception malformed) {
      return new DltJavaException(
          ErrorCode.ENCODING,
          location.withByteOffset(malformed.byteOffset()),
          "the body is not valid UTF-8: expected JSON text in UTF-8",
          failure);
    }
    if (failure instanceof StreamConstraintsException) {
      return new DltJavaException(
          ErrorCode.LIMIT,
          location,
          failure.getMessage()
              + "; the options max_nesting_depth and max_string_bytes set these limits",
          failure);
    }
    if (failure instanceof com.fasterxml.jackson.core.JsonProcessingException syntax) {
      String found =
          failure instanceof JsonEOFException ? "the document is cut off" : "not valid JSON";
      String reason = firstLine(syntax.getOriginalMessage());
      return new DltJavaException(ErrorCode.JSON, location, found + line + ": " + reason, failure);
    }
    return new DltJavaException(
        ErrorCode.INTERNAL, location, "the body could not be read: " + failure, failure);
  }

  private static String firstLine(String message) {
    List<String> lines = message.lines().limit(1).toList();
    return lines.isEmpty() ? "" : lines.get(0);
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
