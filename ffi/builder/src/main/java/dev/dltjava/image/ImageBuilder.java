package dev.dltjava.image;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Builds the native library; run with `--help` for the arguments.
///
/// The steps, each a class of this package:
///
/// 1. [Stamp]: stop when the library was built from the same inputs; only link when just the C
///    files changed.
/// 2. [BuilderHome]: a stock JDK with the few files that the image builder looks for in its own.
/// 3. [MetadataScan] and [BuilderCommand]: the options that the unpublished `native-image` command
///    would pass.
/// 4. [BuilderRun]: the builder compiles the class path into one object file and stops.
/// 5. [PrivateJdkLibraries] and [JvmShim]: the JDK's native code, under names of the project's own.
/// 6. [Linker]: one library of the object, the project's C files and small helpers, in which only
///    the symbols of the version script are visible.
/// 7. [Licenses] and [ImageReport].
public final class ImageBuilder {
  private static final String HELP = "--help";
  private static final long BYTES_PER_MEGABYTE = 1_000_000;

  private final BuildRequest request;
  private final BuilderJars jars;
  private final CCompiler compiler;
  private final PrintStream out;

  private ImageBuilder(BuildRequest request, PrintStream out) {
    this.request = request;
    this.jars = BuilderJars.of(request.builderJars());
    this.compiler = new CCompiler(request.cCompiler());
    this.out = out;
  }

  /// Builds a library as the arguments say; the exit code is 1 when it fails.
  public static void main(String[] arguments) {
    List<String> words = List.of(arguments);
    if (words.isEmpty() || words.contains(HELP)) {
      System.out.print(CommandLine.HELP);
      return;
    }
    try {
      build(CommandLine.parse(words), System.out);
    } catch (ImageBuildException | UncheckedIOException e) {
      System.err.println("image not built: " + e.getMessage());
      System.exit(1);
    }
  }

  /// Builds a library unless it is up to date.
  ///
  /// @throws ImageBuildException when it cannot be built
  public static void build(BuildRequest request, PrintStream out) {
    new ImageBuilder(request, out).build();
  }

  private void build() {
    Instant start = Instant.now();
    Stamp imageStamp = Stamp.ofImage(request, jars);
    Stamp libraryStamp = Stamp.ofLibrary(request, imageStamp);
    Path stampFile = request.work().resolve("library.stamp");
    if (libraryStamp.isCurrent(stampFile, request.output())) {
      out.println(request.libraryName() + ": image is up to date");
      return;
    }
    create(request.work());
    create(request.output());
    Stamp.discard(stampFile, request.output());
    out.println(request.libraryName() + ": building");

    Path support = Folders.fresh(request.work().resolve("support"));
    SupportFiles.extract(support);
    CpuFeatureHeaders.write(jars.main(), support);
    Linker linker = new Linker(compiler, support, request.work().resolve("objects"));
    PrivateJdkLibraries jdk =
        PrivateJdkLibraries.copy(
            request.jdkHome(), Folders.fresh(request.work().resolve("jdk-libraries")));
    JvmShim.build(compiler, support, jdk);

    compileImage(support, imageStamp);
    Path library = request.work().resolve(request.libraryName());
    linker.link(request, imageObject(), headers(), jdk, library);
    VersionScript.read(request.versionScript()).verify(ElfFile.read(library).exportedSymbols());

    List<Path> shipped = ship(library, jdk);
    Path licenses = Folders.fresh(request.output().resolve("licenses"));
    Licenses.collect(request, jars, modules(shipped), licenses);
    ImageReport report = ImageReport.of(shipped);
    Path facts = request.output().resolve("image.properties");
    report.write(facts, request, jars, imageStamp.buildId());

    List<Path> outputs = new ArrayList<>(shipped);
    outputs.add(facts);
    outputs.addAll(Folders.files(licenses));
    libraryStamp.write(stampFile, outputs, request.output());
    report.print(out);
    long seconds = Duration.between(start, Instant.now()).toSeconds();
    out.printf("%s: built in %d s%n", request.libraryName(), seconds);
  }

  private void compileImage(Path support, Stamp stamp) {
    Path stampFile = request.work().resolve("image.stamp");
    if (stamp.isCurrent(stampFile, request.work())) {
      out.println("  the image's object is up to date; linking");
      return;
    }
    Stamp.discard(stampFile, request.work());
    Folders.fresh(headers());
    Folders.fresh(imageFolder());
    BuilderHome home =
        BuilderHome.assemble(
            request.jdkHome(), support, compiler, Folders.fresh(request.work().resolve("home")));
    List<String> arguments =
        BuilderCommand.arguments(
            request,
            jars,
            home,
            MetadataScan.scan(request.classPath()),
            new BuilderCommand.Destination(headers(), imageFolder()),
            stamp.buildId());
    BuilderRun run = BuilderRun.run(home.java(), arguments, request.work(), out);
    out.printf("  peak memory of the builder: %d MB%n", run.peakMemory() / BYTES_PER_MEGABYTE);
    List<Path> results = new ArrayList<>(Folders.files(headers()));
    results.add(imageObject());
    stamp.write(stampFile, results, request.work());
  }

  private Path headers() {
    return request.work().resolve("headers");
  }

  private Path imageFolder() {
    return request.work().resolve("image");
  }

  private Path imageObject() {
    String name = request.imageName() + ".o";
    return Folders.files(imageFolder()).stream()
        .filter(file -> file.getFileName().toString().equals(name))
        .findFirst()
        .orElseThrow(() -> new ImageBuildException("the builder wrote no " + name));
  }

  private List<Path> ship(Path library, PrivateJdkLibraries jdk) {
    List<Path> files = new ArrayList<>(List.of(library));
    files.addAll(jdk.neededBy(library));
    List<Path> shipped = new ArrayList<>();
    try {
      for (Path file : files) {
        Path target = request.output().resolve(file.getFileName());
        shipped.add(Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return shipped;
  }

  private static List<String> modules(List<Path> shipped) {
    List<String> names = shipped.stream().map(file -> file.getFileName().toString()).toList();
    return PrivateJdkLibraries.LIBRARIES.entrySet().stream()
        .filter(library -> names.contains(PrivateJdkLibraries.privateName(library.getKey())))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static void create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
