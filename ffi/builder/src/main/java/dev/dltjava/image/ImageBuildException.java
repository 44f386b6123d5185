package dev.dltjava.image;

/// Says why the image was not built, in words for the person who started the build.
public final class ImageBuildException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message what went wrong and, where known, what to change
  public ImageBuildException(String message) {
    super(message);
  }

  /// @param message what went wrong and, where known, what to change
  /// @param cause the failure below
  public ImageBuildException(String message, Throwable cause) {
    super(message, cause);
  }
}
