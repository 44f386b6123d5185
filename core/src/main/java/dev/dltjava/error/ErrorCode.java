package dev.dltjava.error;

/// What kind of fault a [DltJavaException] reports; the numbers are those of `dlt_java.h` and never
/// change meaning: 1xx the caller's fault, 2xx the data's, 3xx the environment's, 9xx a fault of
/// this library.
public enum ErrorCode {
  OPTIONS(101),
  HANDLE(102),
  FORKED(103),
  CLOSED(104),
  STRUCT(105),
  STREAM(106),
  JSON(201),
  ENCODING(202),
  LIMIT(203),
  RECORD(204),
  VALUE(205),
  PAGINATION(206),
  CONNECT(301),
  TLS(302),
  TIMEOUT(303),
  STATUS(304),
  TRUNCATED(305),
  PROTOCOL(306),
  MEMORY(307),
  PROCESSOR(308),
  START(309),
  INTERNAL(901);

  private final int number;

  ErrorCode(int number) {
    this.number = number;
  }

  /// The number that crosses the C boundary.
  public int number() {
    return number;
  }
}
