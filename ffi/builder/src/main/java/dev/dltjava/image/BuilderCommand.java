package dev.dltjava.image;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The builder's command line: its JVM, and what it is asked for.
///
/// Later options win, so the order is: what every image of this project needs, what the class path
/// asks for, what the build asks for.
final class BuilderCommand {
  private static final String MAIN =
      "org.graalvm.nativeimage.builder/com.oracle.svm.hosted.NativeImageGeneratorRunner";

  /* What the native-image command sets on the builder's JVM. */
  private static final List<String> JVM =
      List.of(
          "-XX:+UseParallelGC",
          "-XX:+UnlockExperimentalVMOptions",
          "-XX:+EnableJVMCI",
          "-XX:-UseJVMCICompiler",
          "-Xss10m",
          /* The archive was made for other module options. */
          "-Xshare:off",
          /* Would be a file outside the work folder. */
          "-XX:-UsePerfData",
          "-Djava.awt.headless=true",
          "-Dtruffle.TrustAllTruffleRuntimeProviders=true",
          "-Dtruffle.TruffleRuntime=com.oracle.truffle.api.impl.DefaultTruffleRuntime",
          "-Dgraalvm.ForcePolyglotInvalid=true",
          "-Dgraalvm.locatorDisabled=true",
          "-Dsubstratevm.HostLibC=glibc",
          "-Dorg.graalvm.vendor=Community",
          "-Dcom.oracle.graalvm.isaot=true",
          "-Dorg.graalvm.nativeimage.imagecode=buildtime",
          "-Djava.system.class.loader=com.oracle.svm.hosted.NativeImageSystemClassLoader",
          "-Djdk.internal.lambda.disableEagerInitialization=true",
          "-Djdk.reflect.useDirectMethodHandle=false",
          "-Djdk.reflect.useNativeAccessorOnly=true",
          "--enable-native-access=org.graalvm.nativeimage.builder,org.graalvm.nativeimage.base,"
              + "jdk.graal.compiler",
          "--add-modules=ALL-DEFAULT");

  /* What the project's classes need while the builder initializes and compiles them. */
  private static final List<String> CLASSES =
      List.of(
          /* Without it each method with Unsafe is compiled with a check that costs 30 %. */
          "--sun-misc-unsafe-memory-access=allow",
          /* Arrow reads java.nio.Buffer.address. */
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          /* Entry points with a prologue of their own. */
          "--add-exports=org.graalvm.nativeimage.builder/com.oracle.svm.core=ALL-UNNAMED",
          "--add-exports=org.graalvm.nativeimage.builder/com.oracle.svm.core.c=ALL-UNNAMED",
          "--add-exports=org.graalvm.nativeimage.builder/com.oracle.svm.core.c.function=ALL-UNNAMED",
          /* Netty freezes these when its classes are initialized, which is now. On this JDK it would
           * otherwise ask for shared arenas, which the image does not support. */
          "-Dio.netty.noUnsafe=false",
          "-Dio.netty.allocator.type=pooled");

  private static final List<String> IMAGE =
      List.of(
          "-H:+UnlockExperimentalVMOptions",
          "-H:Class=",
          "-H:+SharedLibrary",
          /* This program links: one library, the project's C functions its only exports. */
          "-H:+ExitAfterRelocatableImageWrite",
          /* Would need one more C++ library; heap limits are set by the project instead. */
          "-H:-UseContainerSupport",
          "-H:+ForeignAPISupport",
          /* The builder's module for the JDK's libraries, ALL-UNNAMED for memory segments. */
          "-H:EnableNativeAccess=org.graalvm.nativeimage.builder,ALL-UNNAMED");

  private BuilderCommand() {}

  /// Where the builder writes.
  ///
  /// @param headers folder for the generated C headers
  /// @param objects folder for the object file, in a folder below that the builder names
  record Destination(Path headers, Path objects) {}

  /// Returns the arguments of the builder's JVM.
  ///
  /// @param buildId identifier of the image, the same for the same inputs
  static List<String> arguments(
      BuildRequest request,
      BuilderJars jars,
      BuilderHome home,
      ImageMetadata metadata,
      Destination destination,
      String buildId) {
    ImageMetadata requested = DriverOptions.translate(request.builderOptions(), "--builder-option");
    List<String> arguments = new ArrayList<>(JVM);
    arguments.add("-Xmx" + request.builderMemory());
    arguments.add("-Dorg.graalvm.version=" + jars.version());
    arguments.addAll(JdkExports.options(request.jdkHome()));
    arguments.addAll(CLASSES);
    arguments.addAll(metadata.jvmOptions());
    arguments.addAll(requested.jvmOptions());
    arguments.addAll(request.builderJvmOptions());
    arguments.addAll(List.of("--upgrade-module-path", jars.compiler().toString()));
    arguments.addAll(List.of("--module-path", join(jars.files())));
    arguments.addAll(List.of("--module", MAIN));
    arguments.addAll(List.of("-imagecp", join(request.classPath())));
    arguments.addAll(IMAGE);
    arguments.add("-H:Name=" + request.imageName());
    arguments.add("-H:Path=" + destination.headers());
    arguments.add("-H:TempDirectory=" + destination.objects());
    arguments.add("-H:CLibraryPath=" + home.headers());
    arguments.add("-H:ImageBuildID=" + buildId);
    arguments.add("-H:MicroArchitecture=" + request.machine());
    arguments.add("-R:MaxHeapSize=" + request.maximumHeap());
    arguments.addAll(metadata.builderOptions());
    arguments.addAll(requested.builderOptions());
    return arguments;
  }

  private static String join(List<Path> paths) {
    return paths.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }
}
