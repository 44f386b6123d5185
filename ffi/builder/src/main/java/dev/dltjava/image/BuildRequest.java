package dev.dltjava.image;

import java.nio.file.Path;
import java.util.List;

/// Everything a build depends on, as [CommandLine] reads it.
///
/// @param jdkHome home of a JDK 25 with JVMCI
/// @param builderJars folder of the builder's jars, `svm` and all its dependencies
/// @param work folder for intermediate files; created
/// @param output folder that receives the libraries, `image.properties` and `licenses`; created
/// @param libraryName file name of the library, such as `libdlt_java.so`
/// @param classPath jars and folders that the image is made of, in order
/// @param cSources C files of the project, linked into the library
/// @param includeFolders folders of headers for the C files
/// @param cOptions further options of the C compiler for the C files
/// @param versionScript linker script that lists the exported symbols
/// @param maximumHeap largest Java heap of the image, as in `256m`
/// @param machine instruction set of the image, as `-march` of native-image takes it
/// @param builderMemory largest heap of the builder's JVM, as in `6g`
/// @param builderOptions further options of the image builder (`-H:...`, `--initialize-at-...`)
/// @param builderJvmOptions further options of the builder's JVM
/// @param cCompiler name or path of the C compiler
public record BuildRequest(
    Path jdkHome,
    Path builderJars,
    Path work,
    Path output,
    String libraryName,
    List<Path> classPath,
    List<Path> cSources,
    List<Path> includeFolders,
    List<String> cOptions,
    Path versionScript,
    String maximumHeap,
    String machine,
    String builderMemory,
    List<String> builderOptions,
    List<String> builderJvmOptions,
    String cCompiler) {

  /// Copies the lists.
  public BuildRequest {
    classPath = List.copyOf(classPath);
    cSources = List.copyOf(cSources);
    includeFolders = List.copyOf(includeFolders);
    cOptions = List.copyOf(cOptions);
    builderOptions = List.copyOf(builderOptions);
    builderJvmOptions = List.copyOf(builderJvmOptions);
  }

  /// Returns the library's name without its suffix, which the builder uses for object and headers.
  public String imageName() {
    return libraryName.substring(0, libraryName.length() - ".so".length());
  }
}
