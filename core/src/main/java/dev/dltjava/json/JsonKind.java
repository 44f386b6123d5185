package dev.dltjava.json;

/// What a [JsonCursor] has found.
public enum JsonKind {
  /// An opening brace; the keys are to be read.
  OBJECT,

  /// An opening bracket; the elements are to be read.
  ARRAY,

  STRING,

  /// A number without fraction and exponent that fits into 64 bits.
  INTEGER,

  /// One that does not fit.
  BIG_INTEGER,

  /// A number with a fraction or an exponent.
  FLOAT,

  TRUE,
  FALSE,
  NULL,

  /// The text has ended; only where a document may begin.
  END
}
