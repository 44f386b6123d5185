package dev.dltjava.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The list of exported symbols in a linker's version script. Only what this project uses is
/// understood: one node, names with `*`, comments.
///
/// @param exported names and patterns after `global:`
record VersionScript(List<String> exported) {
  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|#[^\\n]*");
  private static final Pattern GLOBAL = Pattern.compile("(?s)global:(.*?)(local:|})");
  private static final Pattern HIDES_THE_REST = Pattern.compile("(?s)local:\\s*\\*\\s*;");

  VersionScript {
    exported = List.copyOf(exported);
  }

  /// Reads a version script.
  static VersionScript read(Path file) {
    try {
      return parse(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads a version script's text.
  ///
  /// @throws ImageBuildException when it exports nothing or leaves symbols visible
  static VersionScript parse(String text, String source) {
    String script = COMMENT.matcher(text).replaceAll(" ");
    if (!HIDES_THE_REST.matcher(script).find()) {
      throw new ImageBuildException(source + " lacks 'local: *;'");
    }
    Matcher global = GLOBAL.matcher(script);
    List<String> names = new ArrayList<>();
    if (global.find()) {
      Stream.of(global.group(1).split(";"))
          .map(String::strip)
          .filter(name -> !name.isEmpty())
          .forEach(names::add);
    }
    if (names.isEmpty()) {
      throw new ImageBuildException(source + " exports nothing");
    }
    return new VersionScript(names);
  }

  /// Compares the script with what a library exports.
  ///
  /// @throws ImageBuildException when a symbol is exported that the script does not list, or a
  ///   listed one is missing
  void verify(Collection<String> symbols) {
    List<Pattern> patterns = exported.stream().map(VersionScript::pattern).toList();
    List<String> unlisted =
        symbols.stream().filter(symbol -> !matchesAny(patterns, symbol)).toList();
    if (!unlisted.isEmpty()) {
      throw new ImageBuildException("exported but not in the version script: " + unlisted);
    }
    List<String> missing =
        exported.stream()
            .filter(name -> symbols.stream().noneMatch(pattern(name).asMatchPredicate()))
            .toList();
    if (!missing.isEmpty()) {
      throw new ImageBuildException("in the version script but not exported: " + missing);
    }
  }

  private static boolean matchesAny(List<Pattern> patterns, String symbol) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(symbol).matches());
  }

  private static Pattern pattern(String name) {
    return Pattern.compile(
        Stream.of(name.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
  }
}
