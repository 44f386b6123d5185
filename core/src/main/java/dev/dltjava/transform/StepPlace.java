package dev.dltjava.transform;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;

/// Which step it is, for messages.
///
/// @param index from 0
record StepPlace(int index) {
  /// @param message without values, which may be personal
  DltJavaException wrong(FieldPath path, String message) {
    return new DltJavaException(
        ErrorCode.VALUE,
        ErrorLocation.NONE.withColumn(path.toString()),
        "transformations[" + index + "]: " + message);
  }
}
