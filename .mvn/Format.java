import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Checks or applies google-java-format: `Format.java check|apply FOLDER...`. Folders named `abi` hold
/// generated code and are left alone.
final class Format {
  public static void main(String[] arguments) throws Exception {
    boolean apply = arguments[0].equals("apply");
    List<Path> unformatted = new ArrayList<>();
    for (int i = 1; i < arguments.length; i++) {
      Path folder = Path.of(arguments[i]);
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Format::isFormatted).sorted().toList()) {
          String source = Files.readString(file);
          String formatted = format(source);
          if (!formatted.equals(source)) {
            unformatted.add(file);
            if (apply) {
              Files.writeString(file, formatted);
            }
          }
        }
      }
    }
    for (Path file : unformatted) {
      System.err.println((apply ? "formatted " : "not formatted: ") + file);
    }
    if (!apply && !unformatted.isEmpty()) {
      System.err.println("format with: mvn -N -Pformat validate");
      System.exit(1);
    }
  }

  private static boolean isFormatted(Path file) {
    return file.toString().endsWith(".java") && !file.toString().contains("/abi/");
  }

  private static String format(String source) throws Exception {
    JavaFormatterOptions options = JavaFormatterOptions.builder().style(JavaFormatterOptions.Style.GOOGLE).build();
    String ordered =
        ImportOrderer.reorderImports(RemoveUnusedImports.removeUnusedImports(source), JavaFormatterOptions.Style.GOOGLE);
    return new Formatter(options).formatSource(ordered);
  }
}
