package dev.dltjava.pipeline;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorLocation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The text of a file, whole or cut at ends of lines.
final class FileDocument implements Documents {
  private static final int SEARCH_BYTES = 16 << 10;

  private final Path file;
  private final ErrorLocation location;
  private final OptionalInt partBytes;

  /// Open if the file is cut.
  private @Nullable FileChannel channel;

  private boolean begun;
  private boolean ended;

  /// Where the next part begins.
  private long position;

  private long size;

  /// @param partBytes about how long the parts are that the text is cut into, empty for one text
  FileDocument(Path file, OptionalInt partBytes) {
    this.file = file;
    this.location = ErrorLocation.ofUrl(file.toString());
    this.partBytes = partBytes;
  }

  @Override
  public Optional<Document> next() {
    try {
      return nextOrNone();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  @Override
  public Optional<Document> poll() {
    return next();
  }

  @Override
  public boolean isExhausted() {
    return ended;
  }

  private Optional<Document> nextOrNone() throws IOException {
    if (ended) {
      return Optional.empty();
    }
    // Of others than plain files neither the size nor any place is to be had.
    if (!begun && partBytes.isPresent() && Files.isRegularFile(file)) {
      channel = FileChannel.open(file);
      size = channel.size();
    }
    boolean continues = begun;
    begun = true;
    if (channel == null) {
      ended = true;
      return Optional.of(Document.of(new Whole(file), location, () -> {}));
    }
    long start = position;
    position = lineEnd(channel, start + partBytes.orElseThrow());
    ended = position == size;
    // Who writes to the file meanwhile is heard to its end, as if it were not cut.
    long end = ended ? Long.MAX_VALUE : position;
    return Optional.of(
        Document.part(new Part(channel, start, end), location, continues, !ended, () -> {}));
  }

  /// Behind the first end of a line from a place on; the end of the file if there is none.
  private long lineEnd(FileChannel open, long from) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(SEARCH_BYTES);
    long place = from;
    while (place < size) {
      block.clear();
      int count = open.read(block, place);
      for (int i = 0; i < count; i++) {
        if (block.get(i) == '\n') {
          return Math.min(size, place + i + 1);
        }
      }
      place = count < 0 ? size : place + count;
    }
    return size;
  }

  @Override
  public Document rejoined(List<Document> parts) {
    ended = true;
    Document first = parts.getFirst();
    Part part = (Part) first.text().orElseThrow();
    return Document.part(
        new Part(part.channel, part.start, Long.MAX_VALUE),
        location,
        first.continues(),
        false,
        () -> {});
  }

  private DltJavaException unreadable(IOException e) {
    return Document.unreadable(location, e);
  }

  @Override
  public void close() {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw unreadable(e);
      }
    }
  }

  private record Whole(Path file) implements Text {
    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(file);
    }

    @Override
    public long bytes() {
      return 0;
    }
  }

  private record Part(FileChannel channel, long start, long end) implements Text {
    @Override
    public InputStream open() {
      return new PartStream(channel, start, end);
    }

    @Override
    public long bytes() {
      return end == Long.MAX_VALUE ? 0 : end - start;
    }
  }

  /// Several read the same file at a time, each at a place of its own.
  private static final class PartStream extends BlockStream {
    private final FileChannel channel;
    private long position;
    private final long end;

    PartStream(FileChannel channel, long position, long end) {
      this.channel = channel;
      this.position = position;
      this.end = end;
    }

    @Override
    public int read(byte[] target, int start, int length) throws IOException {
      Objects.checkFromIndexSize(start, length, target.length);
      int wanted = (int) Math.min(length, end - position);
      if (wanted == 0) {
        return length == 0 ? 0 : -1;
      }
      int count = channel.read(ByteBuffer.wrap(target, start, wanted), position);
      position += Math.max(count, 0);
      return count;
    }
  }
}
