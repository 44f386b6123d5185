package dev.dltjava.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/// Writes the C headers that name the processor features. The builder reads them but they are not
/// published with it; they follow from its own interfaces, one `bool` for each method.
final class CpuFeatureHeaders {
  /// An architecture.
  ///
  /// @param header part of the header's name
  /// @param type resource name of the interface that declares the features
  private record Architecture(String header, String type) {}

  /* The builder reads the headers of all architectures, whichever it builds for. */
  private static final List<Architecture> ARCHITECTURES =
      List.of(
          new Architecture("amd64", "com/oracle/svm/core/amd64/AMD64LibCHelper$CPUFeatures"),
          new Architecture("aarch64", "com/oracle/svm/core/aarch64/AArch64LibCHelper$CPUFeatures"),
          new Architecture("riscv64", "com/oracle/svm/core/riscv64/RISCV64LibCHelper$CPUFeatures"));

  private CpuFeatureHeaders() {}

  /// Writes a header for each architecture into the folder.
  ///
  /// @param builderJar the builder's main jar, `svm`
  static void write(Path builderJar, Path folder) {
    try (JarFile jar = new JarFile(builderJar.toFile())) {
      for (Architecture architecture : ARCHITECTURES) {
        ZipEntry entry = jar.getEntry(architecture.type() + ".class");
        if (entry == null) {
          throw new ImageBuildException(builderJar + " does not hold " + architecture.type());
        }
        byte[] type = jar.getInputStream(entry).readAllBytes();
        Files.writeString(
            folder.resolve(architecture.header() + "cpufeatures.h"), header(features(type)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Returns the header's text for these features.
  static String header(List<String> features) {
    StringBuilder text = new StringBuilder();
    text.append("/* Generated from the image builder's interface of the same name. */\n");
    text.append("#pragma once\n#include <stdbool.h>\n\ntypedef struct {\n");
    features.forEach(feature -> text.append("  bool ").append(feature).append(";\n"));
    return text.append("} CPUFeatures;\n").toString();
  }

  private static List<String> features(byte[] type) {
    ClassModel model = ClassFile.of().parse(type);
    return model.methods().stream()
        .map(method -> method.methodName().stringValue())
        .filter(name -> name.startsWith("f"))
        .distinct()
        .toList();
  }
}
