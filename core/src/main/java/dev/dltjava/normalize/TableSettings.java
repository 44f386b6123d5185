package dev.dltjava.normalize;

import dev.dltjava.naming.NamingConvention;

/// What all tables of a normalizer share.
///
/// @param dltNames names of the columns that dlt adds
/// @param caller asked for what the options leave to it
record TableSettings(NormalizerOptions options, DltNames dltNames, Caller caller) {
  static TableSettings of(NormalizerOptions options, NamingConvention naming, Caller caller) {
    return new TableSettings(options, DltNames.of(naming), caller);
  }
}
