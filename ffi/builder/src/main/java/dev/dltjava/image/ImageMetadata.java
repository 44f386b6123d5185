package dev.dltjava.image;

import java.util.List;

/// What the class path asks of the builder.
///
/// @param builderOptions options of the image builder, as `-H:...`
/// @param jvmOptions options of the builder's JVM
record ImageMetadata(List<String> builderOptions, List<String> jvmOptions) {
  ImageMetadata {
    builderOptions = List.copyOf(builderOptions);
    jvmOptions = List.copyOf(jvmOptions);
  }
}
