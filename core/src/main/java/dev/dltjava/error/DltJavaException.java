package dev.dltjava.error;

import org.jspecify.annotations.Nullable;

/// The one exception of the library: a stable code, a place, and a message that says what happened,
/// what was expected, and which option or action helps.
public final class DltJavaException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ErrorCode code;
  private final transient ErrorLocation location;

  public DltJavaException(ErrorCode code, ErrorLocation location, String message) {
    this(code, location, message, null);
  }

  public DltJavaException(
      ErrorCode code, ErrorLocation location, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.location = location;
  }

  public ErrorCode code() {
    return code;
  }

  public ErrorLocation location() {
    return location;
  }

  /// The same fault at a place that is known better by now.
  public DltJavaException at(ErrorLocation better) {
    return new DltJavaException(code, better, String.valueOf(getMessage()), getCause());
  }

  /// The same fault, said to be about a subject, such as an endpoint.
  public DltJavaException about(String subject) {
    return subject.isEmpty()
        ? this
        : new DltJavaException(code, location, subject + ": " + getMessage(), getCause());
  }
}
