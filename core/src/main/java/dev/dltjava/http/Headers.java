package dev.dltjava.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Header lines in their order; names are compared without case.
///
/// @param entries the lines; a name may occur more than once
public record Headers(List<Header> entries) {
  /// No header at all.
  public static final Headers NONE = new Headers(List.of());

  public Headers {
    entries = List.copyOf(entries);
  }

  /// The value of the first line with this name.
  public Optional<String> first(String name) {
    for (Header header : entries) {
      if (header.name().equalsIgnoreCase(name)) {
        return Optional.of(header.value());
      }
    }
    return Optional.empty();
  }

  /// The values of all lines with this name.
  public List<String> all(String name) {
    List<String> values = new ArrayList<>();
    for (Header header : entries) {
      if (header.name().equalsIgnoreCase(name)) {
        values.add(header.value());
      }
    }
    return List.copyOf(values);
  }

  public boolean contains(String name) {
    return first(name).isPresent();
  }

  /// These headers and others, which take the place of those with the same names.
  public Headers with(List<Header> others) {
    Headers kept = this;
    for (Header other : others) {
      kept = kept.without(other.name());
    }
    List<Header> all = new ArrayList<>(kept.entries);
    all.addAll(others);
    return new Headers(all);
  }

  /// These headers but for those that identify the caller.
  Headers withoutSecrets() {
    return new Headers(entries.stream().filter(header -> !header.isSecret()).toList());
  }

  /// These headers but for the lines with this name.
  public Headers without(String name) {
    return new Headers(
        entries.stream().filter(header -> !header.name().equalsIgnoreCase(name)).toList());
  }
}
