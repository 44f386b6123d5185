package dev.dltjava.schema;

import java.util.Optional;

/// dlt's data types, by the names that dlt's schemas use.
public enum DataType {
  TEXT("text"),
  DOUBLE("double"),
  BOOL("bool"),
  TIMESTAMP("timestamp"),
  BIGINT("bigint"),
  BINARY("binary"),
  JSON("json"),
  DECIMAL("decimal"),
  WEI("wei"),
  DATE("date"),
  TIME("time");

  private final String dltName;

  DataType(String dltName) {
    this.dltName = dltName;
  }

  /// The name in dlt's schemas.
  public String dltName() {
    return dltName;
  }

  /// The type of that name in dlt's schemas, if there is one.
  public static Optional<DataType> ofDltName(String name) {
    for (DataType type : values()) {
      if (type.dltName.equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
