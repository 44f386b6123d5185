package dev.dltjava.contract;

import java.util.List;

/// Who wrote a contract, and judges the records that it leaves open.
@FunctionalInterface
public interface Author {
  /// Judges some records.
  ///
  /// @return JSON text: an array of arrays, one a record, each with what is loaded of the record,
  ///   or empty if the record is left out
  String judge(List<OpenRecord> records);
}
