package dev.dltjava.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads one record as if it had further members behind its own. Stands in for the parser from the
/// record's first token to its last, token by token. One thread.
public final class AppendedFields extends JsonParserDelegate {
  private final JsonParser record;
  private final JsonParser fields;
  private int depth = 1;
  private boolean inFields;

  private AppendedFields(JsonParser record, JsonParser fields) {
    super(record);
    this.record = record;
    this.fields = fields;
  }

  /// Whether a text is one JSON object.
  public static boolean isObject(JsonFactory factory, String text) {
    try (JsonParser parser = factory.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException notJson) {
      return false;
    }
  }

  /// @param record on the first token of the record
  /// @param fields text of a JSON object
  public static AppendedFields to(JsonParser record, JsonFactory factory, String fields)
      throws IOException {
    if (record.currentToken() != JsonToken.START_OBJECT) {
      throw new DltJavaException(
          ErrorCode.RECORD,
          ErrorLocation.NONE,
          "expected a record that is an object, to which the fields of its request can be added");
    }
    JsonParser parser = factory.createParser(fields);
    parser.nextToken();
    return new AppendedFields(record, parser);
  }

  @Override
  public @Nullable JsonToken nextToken() throws IOException {
    JsonToken token = delegate.nextToken();
    if (token == null) {
      return null;
    }
    if (token.isStructStart()) {
      depth++;
    } else if (token.isStructEnd()) {
      depth--;
      if (depth == 0 && !inFields) {
        delegate = fields;
        inFields = true;
        depth = 1;
        return nextToken();
      }
      if (depth == 0) {
        // The record's parser stands on the record's last token, as it would without the fields.
        delegate = record;
        fields.close();
      }
    }
    return token;
  }

  @Override
  public JsonParser skipChildren() throws IOException {
    if (delegate.currentToken().isStructStart()) {
      delegate.skipChildren();
      depth--;
    }
    return this;
  }
}
