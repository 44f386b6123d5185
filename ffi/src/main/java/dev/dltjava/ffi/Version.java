package dev.dltjava.ffi;

/// The version of the library; a test compares it with the build's.
final class Version {
  static final String TEXT = "0.1.0";

  private Version() {}
}
