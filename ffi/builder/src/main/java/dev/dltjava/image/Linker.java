package dev.dltjava.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Links the image's object, the project's C files and the helpers into one library.
final class Linker {
  private static final List<String> OPTIONS =
      List.of(
          "-shared",
          "-Wl,-rpath,$ORIGIN",
          "-Wl,--gc-sections",
          "-Wl,--no-undefined",
          "-Wl,--build-id=sha1",
          "-Wl,-z,relro,-z,now",
          "-Wl,-z,noexecstack",
          /* Fail rather than let the loader write to code, which hardened systems refuse. */
          "-Wl,-z,text",
          "-s");

  /* Parts of the C library that were libraries of their own before glibc 2.34. */
  private static final List<String> C_LIBRARIES = List.of("-ldl", "-lpthread", "-lrt", "-lm");

  private final CCompiler compiler;
  private final Path objects;
  private final List<Path> helpers;

  /// Compiles the helpers, before anything that takes long.
  ///
  /// @param compiler the compiler, which also drives the linker
  /// @param support folder of the extracted [SupportFiles] and the [CpuFeatureHeaders]
  /// @param objects folder for object files
  Linker(CCompiler compiler, Path support, Path objects) {
    this.compiler = compiler;
    this.objects = objects;
    this.helpers = helpers(compiler, support, Folders.fresh(objects.resolve("helpers")));
  }

  /// Links the library. It needs only those of the JDK's libraries that it calls.
  ///
  /// @param image the builder's object
  /// @param headers folder of the builder's generated headers
  void link(BuildRequest request, Path image, Path headers, PrivateJdkLibraries jdk, Path library) {
    List<String> arguments = new ArrayList<>(OPTIONS);
    arguments.add("-Wl,-soname," + request.libraryName());
    arguments.add("-Wl,--version-script=" + request.versionScript());
    projectObjects(request, headers).forEach(object -> arguments.add(object.toString()));
    helpers.forEach(object -> arguments.add(object.toString()));
    arguments.add(image.toString());
    arguments.add("-Wl,--as-needed");
    arguments.add("-Wl,-rpath-link," + jdk.folder());
    jdk.files().forEach(file -> arguments.add(file.toString()));
    arguments.addAll(C_LIBRARIES);
    arguments.addAll(List.of("-o", library.toString()));
    compiler.run(arguments);
  }

  private List<Path> projectObjects(BuildRequest request, Path headers) {
    List<Path> includes = new ArrayList<>(request.includeFolders());
    includes.add(headers);
    Path folder = Folders.fresh(objects.resolve("project"));
    List<Path> compiled = new ArrayList<>();
    for (Path source : request.cSources()) {
      Path object = compiler.compile(source, includes, request.cOptions(), folder);
      if (compiled.contains(object)) {
        throw new ImageBuildException("two C files are named " + source.getFileName());
      }
      compiled.add(object);
    }
    return compiled;
  }

  private static List<Path> helpers(CCompiler compiler, Path support, Path folder) {
    try {
      Files.writeString(support.resolve("private_libraries.h"), PrivateJdkLibraries.header());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Path> includes = List.of(support);
    List<String> hidden = List.of("-fvisibility=hidden");
    return SupportFiles.LIBRARY_SOURCES.stream()
        .map(name -> compiler.compile(support.resolve(name), includes, hidden, folder))
        .toList();
  }
}
