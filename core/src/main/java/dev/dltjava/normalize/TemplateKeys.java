package dev.dltjava.normalize;

import dev.dltjava.json.JsonCursor;
import dev.dltjava.json.Keys;
import org.jspecify.annotations.Nullable;

/// Which entry of a template takes the value of a record's key. One owner, one thread.
final class TemplateKeys {
  /// Instead of an entry: the record has ended, or no entry takes the key's value.
  static final int END = -2;

  static final int UNUSED = -1;

  final RowTemplate template;
  private final Keys<Integer> keys = new Keys<>();
  private Keys.Key<Integer> last = keys.start();

  TemplateKeys(RowTemplate template) {
    this.template = template;
  }

  /// Says that another record begins.
  void restart() {
    last = keys.start();
  }

  /// Moves the cursor to the next value of the record.
  ///
  /// @return index of the entry
  int next(JsonCursor cursor) {
    Keys.@Nullable Key<Integer> key = keys.next(cursor, last);
    if (key == null) {
      return END;
    }
    last = key;
    Integer entry = key.value();
    if (entry == null) {
      entry = entryOf(key.name());
      key.setValue(entry);
    }
    return entry;
  }

  private int entryOf(String key) {
    for (int i = 0; i < template.entries().size(); i++) {
      if (template.entries().get(i) instanceof RowTemplate.Entry.Field field
          && field.key().equals(key)) {
        return i;
      }
    }
    return UNUSED;
  }
}
