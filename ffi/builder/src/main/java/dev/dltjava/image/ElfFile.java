package dev.dltjava.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// The dynamic part of a 64-bit little-endian ELF shared library: what it needs, what it exports.
/// Read through the section headers, which JDK libraries and the linker's output keep.
final class ElfFile {
  private static final int MAGIC = 0x464c457f;
  private static final byte CLASS_64 = 2;
  private static final byte LITTLE_ENDIAN = 1;

  private static final int SECTION_DYNAMIC = 6;
  private static final int SECTION_DYNAMIC_SYMBOLS = 11;
  private static final int SECTION_VERSIONS_NEEDED = 0x6ffffffe;

  private static final long TAG_NEEDED = 1;
  private static final long TAG_SONAME = 14;
  private static final long TAG_RPATH = 15;
  private static final long TAG_RUNPATH = 29;

  private static final int SYMBOL_BYTES = 24;
  private static final int DYNAMIC_ENTRY_BYTES = 16;

  /// A section's place.
  ///
  /// @param type kind, one of the `SECTION_` constants
  /// @param offset first byte in the file
  /// @param size length in bytes
  /// @param link index of the section that this one refers to
  /// @param info meaning depends on the kind
  record Section(int type, int offset, int size, int link, int info) {}

  /// A version of another library's symbols that this library needs.
  ///
  /// @param file name of the other library
  /// @param version name of the version, such as `GLIBC_2.17`
  record NeededVersion(String file, String version) {}

  private final ByteBuffer bytes;
  private final List<Section> sections;
  private final Section names;

  private ElfFile(byte[] content, String source) {
    bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    if (content.length < 64
        || bytes.getInt(0) != MAGIC
        || bytes.get(4) != CLASS_64
        || bytes.get(5) != LITTLE_ENDIAN) {
      throw new ImageBuildException(source + " is not a 64-bit little-endian ELF file");
    }
    sections = readSections();
    Section dynamic =
        section(SECTION_DYNAMIC)
            .orElseThrow(() -> new ImageBuildException(source + " has no dynamic section"));
    names = sections.get(dynamic.link());
  }

  /// Reads a library from its bytes; the source is for messages.
  static ElfFile of(byte[] content, String source) {
    return new ElfFile(content, source);
  }

  /// Reads a library from a file.
  static ElfFile read(Path file) {
    try {
      return new ElfFile(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Returns where the names of the dynamic section are (`.dynstr`).
  Section names() {
    return names;
  }

  /// Returns the names of the libraries that this one needs, in the file's order.
  List<String> needed() {
    return dynamicNames(TAG_NEEDED);
  }

  /// Returns the name under which the dynamic linker knows this library.
  Optional<String> soname() {
    return dynamicNames(TAG_SONAME).stream().findFirst();
  }

  /// Returns where the dynamic linker looks for needed libraries, `RUNPATH` before `RPATH`.
  Optional<String> runPath() {
    return dynamicNames(TAG_RUNPATH).stream()
        .findFirst()
        .or(() -> dynamicNames(TAG_RPATH).stream().findFirst());
  }

  /// Returns the symbols that other libraries can use.
  SortedSet<String> exportedSymbols() {
    return symbols(true);
  }

  /// Returns the symbols that other libraries must provide.
  SortedSet<String> undefinedSymbols() {
    return symbols(false);
  }

  /// Returns the versions of other libraries' symbols that this library needs.
  List<NeededVersion> neededVersions() {
    List<NeededVersion> needed = new ArrayList<>();
    section(SECTION_VERSIONS_NEEDED)
        .ifPresent(
            section -> {
              int file = section.offset();
              for (int i = 0; i < section.info(); i++) {
                String name = name(bytes.getInt(file + 4));
                int version = file + bytes.getInt(file + 8);
                for (int j = 0; j < Short.toUnsignedInt(bytes.getShort(file + 2)); j++) {
                  needed.add(new NeededVersion(name, name(bytes.getInt(version + 8))));
                  version += bytes.getInt(version + 12);
                }
                file += bytes.getInt(file + 12);
              }
            });
    return needed;
  }

  private List<Section> readSections() {
    int table = Math.toIntExact(bytes.getLong(0x28));
    int entryBytes = Short.toUnsignedInt(bytes.getShort(0x3a));
    int count = Short.toUnsignedInt(bytes.getShort(0x3c));
    List<Section> read = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = table + i * entryBytes;
      read.add(
          new Section(
              bytes.getInt(at + 4),
              Math.toIntExact(bytes.getLong(at + 24)),
              Math.toIntExact(bytes.getLong(at + 32)),
              bytes.getInt(at + 40),
              bytes.getInt(at + 44)));
    }
    return read;
  }

  private Optional<Section> section(int type) {
    return sections.stream().filter(section -> section.type() == type).findFirst();
  }

  private List<String> dynamicNames(long tag) {
    Section dynamic = section(SECTION_DYNAMIC).orElseThrow();
    List<String> found = new ArrayList<>();
    int end = dynamic.offset() + dynamic.size();
    for (int at = dynamic.offset(); at < end; at += DYNAMIC_ENTRY_BYTES) {
      if (bytes.getLong(at) == tag) {
        found.add(name(Math.toIntExact(bytes.getLong(at + 8))));
      }
    }
    return found;
  }

  private SortedSet<String> symbols(boolean defined) {
    SortedSet<String> found = new TreeSet<>();
    section(SECTION_DYNAMIC_SYMBOLS)
        .ifPresent(
            section -> {
              int end = section.offset() + section.size();
              /* The first symbol is empty by definition. */
              for (int at = section.offset() + SYMBOL_BYTES; at < end; at += SYMBOL_BYTES) {
                String name = name(bytes.getInt(at));
                if (!name.isEmpty() && (bytes.getShort(at + 6) != 0) == defined) {
                  found.add(name);
                }
              }
            });
    return found;
  }

  private String name(int offset) {
    int begin = names.offset() + offset;
    int end = begin;
    while (bytes.get(end) != 0) {
      end++;
    }
    return new String(bytes.array(), begin, end - begin, StandardCharsets.UTF_8);
  }
}
