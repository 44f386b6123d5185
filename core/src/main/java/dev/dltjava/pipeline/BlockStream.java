package dev.dltjava.pipeline;

import java.io.IOException;
import java.io.InputStream;

/// A stream that is read in blocks; single bytes are blocks of one.
abstract class BlockStream extends InputStream {
  @Override
  public final int read() throws IOException {
    byte[] single = new byte[1];
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
  }

  @Override
  public abstract int read(byte[] target, int start, int length) throws IOException;
}
