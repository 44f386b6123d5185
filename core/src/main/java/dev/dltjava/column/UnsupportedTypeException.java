package dev.dltjava.column;

import dev.dltjava.schema.DataType;

/// A column of this type cannot be filled from JSON yet.
public final class UnsupportedTypeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnsupportedTypeException(DataType type) {
    super("columns of type " + type.dltName() + " cannot be filled natively");
  }
}
