package dev.dltjava.naming;

/// The naming conventions of dlt that are built in, by the names that dlt's configuration uses.
public enum Naming {
  SNAKE_CASE("snake_case"),
  DIRECT("direct"),
  SQL_CS_V1("sql_cs_v1"),
  SQL_CI_V1("sql_ci_v1"),
  DUCK_CASE("duck_case");

  private final String dltName;

  Naming(String dltName) {
    this.dltName = dltName;
  }

  /// The name in dlt's configuration.
  public String dltName() {
    return dltName;
  }

  /// A new convention.
  ///
  /// @param maximumLength longest name in characters, 0 for no limit
  public NamingConvention convention(int maximumLength) {
    return switch (this) {
      case SNAKE_CASE -> new SnakeCase(maximumLength);
      case DIRECT -> new Direct(maximumLength);
      case SQL_CS_V1 -> new SqlCase(true, maximumLength);
      case SQL_CI_V1 -> new SqlCase(false, maximumLength);
      case DUCK_CASE -> new DuckCase(maximumLength);
    };
  }
}
