package dev.dltjava.http;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads a body from its start, without consuming it.
final class BodyStream extends InputStream {
  private final Body body;
  private int block;
  private int offset;

  BodyStream(Body body) {
    this.body = body;
  }

  @Override
  public int read() throws IOException {
    ByteBuf current = current();
    return current == null ? -1 : current.getByte(offset++) & 0xff;
  }

  @Override
  public int read(byte[] target, int start, int length) throws IOException {
    Objects.checkFromIndexSize(start, length, target.length);
    if (length == 0) {
      return 0;
    }
    ByteBuf current = current();
    if (current == null) {
      return -1;
    }
    int count = Math.min(length, current.writerIndex() - offset);
    current.getBytes(offset, target, start, count);
    offset += count;
    return count;
  }

  @Override
  public int available() throws IOException {
    ByteBuf current = current();
    return current == null ? 0 : current.writerIndex() - offset;
  }

  private @Nullable ByteBuf current() throws IOException {
    if (body.isReleased()) {
      throw new IOException("the response is closed");
    }
    while (block < body.blocks().size()) {
      ByteBuf candidate = body.blocks().get(block);
      if (offset < candidate.writerIndex()) {
        return candidate;
      }
      block++;
      offset = 0;
    }
    return null;
  }
}
