package dev.dltjava.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Translates the options of the `native-image` command, which the builder itself does not know,
/// into the builder's (`-H:...`) and its JVM's.
final class DriverOptions {
  /// Command options with a value, and the builder's option that takes the same value.
  private static final Map<String, String> VALUES =
      Map.of(
          "--features", "-H:Features=",
          "--link-at-build-time", "-H:LinkAtBuildTime=",
          "--enable-url-protocols", "-H:EnableURLProtocols=",
          "--enable-native-access", "-H:EnableNativeAccess=",
          "--trace-object-instantiation", "-H:TraceObjectInstantiation=",
          "-march", "-H:MicroArchitecture=");

  private static final Map<String, String> INITIALIZATION =
      Map.of(
          "--initialize-at-build-time", "build_time",
          "--initialize-at-run-time", "run_time");

  private static final Map<String, String> FLAGS =
      Map.of(
          "--enable-http", "-H:EnableURLProtocols=http",
          "--enable-https", "-H:EnableURLProtocols=https",
          "--report-unsupported-elements-at-runtime", "-H:+ReportUnsupportedElementsAtRuntime");

  /// Options for the JVM alone, whose value follows `=` or is the next word.
  private static final Set<String> JVM_VALUES =
      Set.of("--add-exports", "--add-opens", "--add-modules", "--add-reads");

  /// Options without an effect here: there is no fallback image, and class paths are complete.
  private static final Set<String> WITHOUT_EFFECT =
      Set.of("--no-fallback", "--allow-incomplete-classpath", "--enable-all-security-services");

  private final String source;
  private final List<String> builder = new ArrayList<>();
  private final List<String> jvm = new ArrayList<>();

  private DriverOptions(String source) {
    this.source = source;
  }

  /// Translates options.
  ///
  /// @param options words of a command line
  /// @param source where they come from, for messages
  /// @throws ImageBuildException when an option is unknown
  static ImageMetadata translate(List<String> options, String source) {
    DriverOptions translated = new DriverOptions(source);
    for (int i = 0; i < options.size(); i++) {
      String option = options.get(i);
      if (JVM_VALUES.contains(option) || option.equals("--enable-native-access")) {
        if (i + 1 == options.size()) {
          throw new ImageBuildException(source + ": " + option + " needs a value");
        }
        i++;
        option = option + "=" + options.get(i);
      }
      translated.add(option);
    }
    return new ImageMetadata(translated.builder, translated.jvm);
  }

  private void add(String option) {
    int equals = option.indexOf('=');
    String name = equals < 0 ? option : option.substring(0, equals);
    String value = equals < 0 ? "" : option.substring(equals + 1);
    if (option.startsWith("-H:") || option.startsWith("-R:")) {
      builder.add(option);
    } else if (option.startsWith("-J")) {
      jvm.add(option.substring(2));
    } else if (option.startsWith("-D") || JVM_VALUES.contains(name)) {
      jvm.add(option);
    } else if (INITIALIZATION.containsKey(name)) {
      builder.add("-H:ClassInitialization=" + initialization(value, INITIALIZATION.get(name)));
    } else if (VALUES.containsKey(name)) {
      builder.add(VALUES.get(name) + value);
    } else if (FLAGS.containsKey(option)) {
      builder.add(FLAGS.get(option));
    } else if (!WITHOUT_EFFECT.contains(option)) {
      throw new ImageBuildException(source + ": unknown option of native-image: " + option);
    }
  }

  private static String initialization(String names, String time) {
    return Arrays.stream(names.split(",", -1))
        .map(name -> name.strip() + ":" + time)
        .collect(Collectors.joining(","));
  }
}
