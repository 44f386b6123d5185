package dev.dltjava.ffi;

/// The statuses of `dlt_java.h` that are no errors.
final class Status {
  static final int OK = 0;
  static final int END = 1;
  static final int PENDING = 2;
  static final int QUESTION = 3;

  private Status() {}
}
