package dev.dltjava.naming;

import java.util.function.UnaryOperator;

/// How keys become names of tables and columns.
public sealed interface Naming {
  /// dlt's default.
  Naming SNAKE_CASE = BuiltIn.SNAKE_CASE;

  /// A new convention.
  ///
  /// @param maximumLength longest name in characters, 0 for no limit
  /// @param caller makes the name of a key, if only the caller can
  NamingConvention convention(int maximumLength, UnaryOperator<String> caller);

  /// The conventions of dlt that are built in, by the names that dlt's configuration uses.
  enum BuiltIn implements Naming {
    SNAKE_CASE("snake_case"),
    DIRECT("direct"),
    SQL_CS_V1("sql_cs_v1"),
    SQL_CI_V1("sql_ci_v1"),
    DUCK_CASE("duck_case");

    private final String dltName;

    BuiltIn(String dltName) {
      this.dltName = dltName;
    }

    /// The name in dlt's configuration.
    public String dltName() {
      return dltName;
    }

    @Override
    public NamingConvention convention(int maximumLength, UnaryOperator<String> caller) {
      return switch (this) {
        case SNAKE_CASE -> new SnakeCase(maximumLength);
        case DIRECT -> new Direct(maximumLength);
        case SQL_CS_V1 -> new SqlCase(true, maximumLength);
        case SQL_CI_V1 -> new SqlCase(false, maximumLength);
        case DUCK_CASE -> new DuckCase(maximumLength);
      };
    }
  }

  /// A convention that only the caller knows.
  ///
  /// @param pathSeparator stands between the parts of a flattened column's or a child table's name
  record OfCaller(String pathSeparator) implements Naming {
    @Override
    public NamingConvention convention(int maximumLength, UnaryOperator<String> caller) {
      return new CallerNaming(pathSeparator, maximumLength, caller);
    }
  }
}
