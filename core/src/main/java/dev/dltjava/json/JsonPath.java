package dev.dltjava.json;

import java.util.List;
import java.util.stream.Collectors;

/// Where one value of a document is.
///
/// @param steps from the root, none for the root itself
public record JsonPath(List<Step> steps) {
  /// The document itself.
  public static final JsonPath ROOT = new JsonPath(List.of());

  public JsonPath {
    steps = List.copyOf(steps);
  }

  /// One level down.
  public sealed interface Step {
    /// Into an object.
    record Key(String key) implements Step {}

    /// Into an array.
    ///
    /// @param index from 0
    record Index(int index) implements Step {}
  }

  /// Through objects only.
  public static JsonPath ofKeys(List<String> keys) {
    return new JsonPath(keys.stream().<Step>map(Step.Key::new).toList());
  }

  /// As in dlt's messages: `meta.pages[0]`, `$` for the root.
  @Override
  public String toString() {
    String text =
        steps.stream()
            .map(
                step ->
                    switch (step) {
                      case Step.Key key -> "." + key.key();
                      case Step.Index index -> "[" + index.index() + "]";
                    })
            .collect(Collectors.joining());
    return text.isEmpty() ? "$" : text.startsWith(".") ? text.substring(1) : text;
  }
}
