package dev.dltjava.contract;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a value has to be like. A value of another JSON type that could be converted is left to the
/// caller.
public sealed interface ContractType {
  /// Any value, taken as it is.
  record Any() implements ContractType {}

  /// A string.
  ///
  /// @param length in characters
  /// @param pattern searched for in the string
  record Text(Length length, Optional<TextPattern> pattern) implements ContractType {}

  /// A whole number.
  ///
  /// @param minimum smallest value
  /// @param maximum largest value
  /// @param multipleOf divides every value, 1 for all of them
  /// @param isBounded whether any of the three says something
  record Whole(long minimum, long maximum, long multipleOf, boolean isBounded)
      implements ContractType {}

  /// A number, which becomes one with a fraction.
  ///
  /// @param minimum smallest value
  /// @param aboveMinimum whether the minimum itself is too small
  /// @param maximum largest value
  /// @param belowMaximum whether the maximum itself is too large
  record Real(double minimum, boolean aboveMinimum, double maximum, boolean belowMaximum)
      implements ContractType {}

  /// `true` or `false`.
  record Flag() implements ContractType {}

  /// An ISO 8601 timestamp, `2024-01-31T12:00:00.5Z`; other spellings are left to the caller.
  record Timestamp() implements ContractType {}

  /// A date, `2024-01-31`.
  record Date() implements ContractType {}

  /// A UUID in lower case with hyphens.
  record Uuid() implements ContractType {}

  /// One of a few values.
  ///
  /// @param closed whether another string breaks the rule, instead of being left to the caller
  record Choice(Set<String> texts, Set<Long> integers, boolean closed) implements ContractType {}

  /// A scalar of one of some JSON types, taken as it is.
  record Scalar(boolean text, boolean whole, boolean real, boolean flag) implements ContractType {}

  /// Null, or a value of another type.
  record Nullable(ContractType type) implements ContractType {}

  /// An array.
  record Items(ContractType type, Length length) implements ContractType {}

  /// An object with any keys.
  record Mapping(ContractType values, Length length) implements ContractType {}

  /// An object with known keys, which are loaded in the order of the fields.
  record Model(List<Field> fields, Extra extra) implements ContractType {
    public Model {
      fields = List.copyOf(fields);
    }
  }

  /// A type among the definitions of the contract.
  record Reference(String name) implements ContractType {}

  /// Left to the caller.
  ///
  /// @param reason completes "left open, as"
  record Unknown(String reason) implements ContractType {}

  /// How long a value may be.
  record Length(long minimum, long maximum) {
    /// Any length.
    public static final Length ANY = new Length(0, Long.MAX_VALUE);
  }

  /// What becomes of keys that no field has.
  enum Extra {
    IGNORED,
    KEPT,
    FORBIDDEN
  }

  /// A field of a model.
  ///
  /// @param key in records
  /// @param name the key in what is loaded
  /// @param required whether a record without it breaks a rule
  /// @param standard JSON text that stands for an absent value, empty if the caller has to tell
  record Field(
      String key, String name, ContractType type, boolean required, Optional<String> standard) {}
}
