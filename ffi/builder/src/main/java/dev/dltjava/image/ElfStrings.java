package dev.dltjava.image;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Renames libraries inside a library: its own name, the names it needs, and the files that its
/// symbol versions come from. All of them are entries of one string table, so a name of the same
/// length written over the old one changes them together and moves nothing.
final class ElfStrings {
  private ElfStrings() {}

  /// Returns a copy of the library with each name replaced by the one it maps to. A name that the
  /// library does not use is left alone.
  ///
  /// @param library bytes of a shared library
  /// @param names old names to new names of the same length
  /// @param source the library's name, for messages
  /// @throws ImageBuildException when a name is only the tail of a longer entry, which the linker
  ///   may have merged, so that writing over it would change the longer one as well
  static byte[] rename(byte[] library, Map<String, String> names, String source) {
    byte[] renamed = library.clone();
    ElfFile.Section table = ElfFile.of(library, source).names();
    names.forEach((from, to) -> replace(renamed, table, from, to, source));
    return renamed;
  }

  private static void replace(
      byte[] library, ElfFile.Section table, String from, String to, String source) {
    byte[] old = (from + '\0').getBytes(StandardCharsets.UTF_8);
    byte[] fresh = (to + '\0').getBytes(StandardCharsets.UTF_8);
    if (old.length != fresh.length) {
      throw new IllegalArgumentException(from + " and " + to + " differ in length");
    }
    for (int at = table.offset(); at <= table.offset() + table.size() - old.length; at++) {
      if (!startsWith(library, at, old)) {
        continue;
      }
      if (library[at - 1] != 0) {
        throw new ImageBuildException(
            source + ": '" + from + "' is the tail of a longer name and cannot be replaced");
      }
      System.arraycopy(fresh, 0, library, at, fresh.length);
    }
  }

  private static boolean startsWith(byte[] bytes, int at, byte[] expected) {
    for (int i = 0; i < expected.length; i++) {
      if (bytes[at + i] != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
