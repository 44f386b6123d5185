package dev.dltjava.arrow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/// The project's real `release.c` and `slab.c`, compiled for the tests and loaded into this JVM.
final class NativeRelease {
  private static final Path SOURCES = Path.of("..", "ffi").toAbsolutePath().normalize();
  private static final SymbolLookup LIBRARY = load();
  private static final MethodHandle EXPORTED_BLOCKS = count("dltj_internal_exported_blocks");
  private static final MethodHandle EXPORTED_BYTES = count("dltj_internal_exported_bytes");

  static final ReleaseFunctions FUNCTIONS = functions();
  static final Slabs SLABS = new NativeSlabs();

  private NativeRelease() {}

  static long exportedBlocks() {
    try {
      return (long) EXPORTED_BLOCKS.invokeExact();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  static long exportedBytes() {
    try {
      return (long) EXPORTED_BYTES.invokeExact();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static SymbolLookup load() {
    try {
      Path folder = Files.createTempDirectory("release");
      Path library = folder.resolve("librelease.so");
      Process compiler =
          new ProcessBuilder(
                  "cc",
                  "-std=c11",
                  "-Wall",
                  "-Wextra",
                  "-Wpedantic",
                  "-Werror",
                  "-shared",
                  "-fPIC",
                  "-I" + SOURCES.resolve("include"),
                  "-o",
                  library.toString(),
                  SOURCES.resolve("src/main/c/release.c").toString(),
                  SOURCES.resolve("src/main/c/slab.c").toString())
              .inheritIO()
              .start();
      if (compiler.waitFor() != 0) {
        throw new AssertionError("release.c or slab.c does not compile");
      }
      SymbolLookup lookup = SymbolLookup.libraryLookup(library, Arena.global());
      Files.delete(library);
      Files.delete(folder);
      return lookup;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static MethodHandle count(String name) {
    return Linker.nativeLinker()
        .downcallHandle(LIBRARY.findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_LONG));
  }

  private static ReleaseFunctions functions() {
    MethodHandle table =
        Linker.nativeLinker()
            .downcallHandle(
                LIBRARY.findOrThrow("dltj_internal_export_table"),
                FunctionDescriptor.of(ValueLayout.ADDRESS));
    try {
      return ReleaseFunctions.at(((MemorySegment) table.invokeExact()).address());
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static final class NativeSlabs implements Slabs {
    private final MethodHandle make =
        Linker.nativeLinker()
            .downcallHandle(
                LIBRARY.findOrThrow("dltj_internal_slab"),
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

    private final MethodHandle freeSlab =
        Linker.nativeLinker()
            .downcallHandle(
                LIBRARY.findOrThrow("dltj_internal_slab_free"),
                FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));

    @Override
    public long allocate(long bytes) {
      try {
        return (long) make.invokeExact(bytes);
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void free(long slab) {
      try {
        freeSlab.invokeExact(slab);
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }
  }
}
