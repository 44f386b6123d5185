package dev.dltjava.image;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// Reads `META-INF/native-image` of a class path, which the builder leaves to the `native-image`
/// command: option files are translated, metadata files are named to the builder. The order is that
/// of the class path, and within an entry that of the names.
final class MetadataScan {
  private static final String FOLDER = "META-INF/native-image/";
  private static final String OPTIONS = "native-image.properties";

  /// In option files, the folder that holds the file.
  private static final String OWN_FOLDER = "${.}";

  /// Names of metadata files, and the builder's option that takes a list of each kind.
  private static final Map<String, String> METADATA = new LinkedHashMap<>();

  static {
    METADATA.put("reachability-metadata.json", "-H:ReachabilityMetadataResources=");
    METADATA.put("reflect-config.json", "-H:ReflectionConfigurationResources=");
    METADATA.put("jni-config.json", "-H:JNIConfigurationResources=");
    METADATA.put("resource-config.json", "-H:ResourceConfigurationResources=");
    METADATA.put("proxy-config.json", "-H:DynamicProxyConfigurationResources=");
    METADATA.put("serialization-config.json", "-H:SerializationConfigurationResources=");
    METADATA.put("predefined-classes-config.json", "-H:PredefinedClassesConfigurationResources=");
  }

  private final List<String> builderOptions = new ArrayList<>();
  private final List<String> jvmOptions = new ArrayList<>();
  private final Map<String, List<String>> metadata = new LinkedHashMap<>();

  private MetadataScan() {}

  /// Reads the entries of a class path, jars and folders.
  static ImageMetadata scan(List<Path> classPath) {
    MetadataScan scan = new MetadataScan();
    for (Path entry : classPath) {
      scan.add(entry);
    }
    METADATA.forEach(
        (name, option) -> {
          List<String> resources = scan.metadata.getOrDefault(name, List.of());
          if (!resources.isEmpty()) {
            scan.builderOptions.add(option + String.join(",", resources));
          }
        });
    return new ImageMetadata(scan.builderOptions, scan.jvmOptions);
  }

  private void add(Path entry) {
    Map<String, String> texts = Files.isDirectory(entry) ? ofFolder(entry) : ofJar(entry);
    texts.forEach(
        (resource, text) -> {
          String name = resource.substring(resource.lastIndexOf('/') + 1);
          if (name.equals(OPTIONS)) {
            addOptions(entry + "!" + resource, resource, text);
          } else {
            List<String> named = metadata.computeIfAbsent(name, _ -> new ArrayList<>());
            /* The builder reads a name from every entry that holds it. */
            if (!named.contains(resource)) {
              named.add(resource);
            }
          }
        });
  }

  private void addOptions(String source, String resource, String text) {
    Properties properties = new Properties();
    try (Reader reader = new StringReader(text)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String folder = resource.substring(0, resource.lastIndexOf('/'));
    ImageMetadata options =
        DriverOptions.translate(words(properties.getProperty("Args", ""), folder), source);
    builderOptions.addAll(options.builderOptions());
    jvmOptions.addAll(options.jvmOptions());
    jvmOptions.addAll(words(properties.getProperty("JavaArgs", ""), folder));
  }

  private static List<String> words(String text, String folder) {
    String stripped = text.strip();
    return stripped.isEmpty()
        ? List.of()
        : List.of(stripped.replace(OWN_FOLDER, folder).split("\\s+"));
  }

  private static boolean isRead(String resource) {
    String name = resource.substring(resource.lastIndexOf('/') + 1);
    return resource.startsWith(FOLDER) && (name.equals(OPTIONS) || METADATA.containsKey(name));
  }

  private static Map<String, String> ofFolder(Path folder) {
    Map<String, String> texts = new TreeMap<>();
    Path metadata = folder.resolve(FOLDER);
    if (Files.isDirectory(metadata)) {
      for (Path file : Folders.files(metadata)) {
        String resource = folder.relativize(file).toString();
        if (isRead(resource)) {
          try {
            texts.put(resource, Files.readString(file));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      }
    }
    return texts;
  }

  private static Map<String, String> ofJar(Path file) {
    Map<String, String> texts = new TreeMap<>();
    try (ZipFile jar = new ZipFile(file.toFile())) {
      for (ZipEntry entry : jar.stream().filter(entry -> isRead(entry.getName())).toList()) {
        byte[] content = jar.getInputStream(entry).readAllBytes();
        texts.put(entry.getName(), new String(content, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read as a jar", e);
    }
    return texts;
  }
}
