package dev.dltjava.contract;

import java.util.Map;

/// What records have to be like.
///
/// @param record each record
/// @param definitions types that others refer to by name
/// @param discards whether records that break a rule are left out; else the caller judges them
public record RecordContract(
    ContractType record, Map<String, ContractType> definitions, boolean discards) {
  public RecordContract {
    definitions = Map.copyOf(definitions);
  }
}
