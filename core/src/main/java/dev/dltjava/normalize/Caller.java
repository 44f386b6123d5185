package dev.dltjava.normalize;

import dev.dltjava.schema.DataType;
import java.util.Optional;

/// What only the caller of the library knows, asked once per new name, never per row. An answer may
/// take as long as the caller likes.
public interface Caller {
  /// Knows nothing.
  Caller NONE =
      new Caller() {
        @Override
        public String nameOf(String key) {
          throw new IllegalStateException("nobody to ask for the name of " + key);
        }

        @Override
        public Optional<DataType> preferredType(String column) {
          return Optional.empty();
        }
      };

  /// The name of a key, for [dev.dltjava.naming.Naming.OfCaller].
  String nameOf(String key);

  /// The type that dlt's schema prefers for a new column of that name.
  Optional<DataType> preferredType(String column);
}
