package dev.dltjava.http;

import dev.dltjava.error.ErrorCode;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// Decompresses one body, from the socket's buffers into the body's blocks. Used by one event loop;
/// [#end()] frees what zlib holds.
///
/// Netty's own decompressor fills arrays on the heap and takes a cut-off stream for a complete one.
final class Inflation {
  private enum Part {
    HEADER,
    DATA,
    TRAILER,
    SURPLUS
  }

  /// Checksum and length, four bytes each, low byte first.
  private static final int TRAILER_BYTES = 8;

  private final boolean gzip;
  private final CRC32 checksum = new CRC32();
  private GzipHeader header = new GzipHeader();
  private @Nullable Inflater inflater;
  private Part part = Part.HEADER;
  private long trailer;
  private int trailerBytes;
  private boolean begun;

  private Inflation(boolean gzip) {
    this.gzip = gzip;
  }

  static Inflation gzip() {
    return new Inflation(true);
  }

  /// Of zlib data, as the standard has it, or of bare deflate data, as some servers send.
  static Inflation deflate() {
    return new Inflation(false);
  }

  /// Decompresses all of `in`.
  void accept(ByteBuf in, Body body) throws Fault {
    begun |= in.isReadable();
    while (in.isReadable()) {
      switch (part) {
        case HEADER -> acceptHeader(in);
        case DATA -> inflate(in, body);
        case TRAILER -> acceptTrailer(in);
        case SURPLUS -> in.skipBytes(in.readableBytes());
      }
    }
  }

  /// Checks that the compressed data are complete.
  void finish() throws Fault {
    boolean complete = gzip ? part == Part.SURPLUS || isBetweenMembers() : part == Part.SURPLUS;
    if (begun && !complete) {
      throw new Fault(
          ErrorCode.TRUNCATED,
          Fault.Remedy.WAIT,
          "the compressed body ends before its end marker, as the server or a proxy cut it off; try"
              + " again, or set the header accept-encoding to identity");
    }
  }

  void end() {
    if (inflater != null) {
      inflater.end();
      inflater = null;
    }
  }

  private boolean isBetweenMembers() {
    return part == Part.TRAILER && trailerBytes == TRAILER_BYTES;
  }

  private void acceptHeader(ByteBuf in) throws Fault {
    if (gzip) {
      if (header.accept(in.readByte())) {
        begin(true);
      }
    } else {
      // The low half of zlib's first byte is its method, 8; no encoder begins bare deflate so.
      begin((in.getByte(in.readerIndex()) & 0x0f) != 8);
    }
  }

  private void begin(boolean bare) {
    if (inflater == null) {
      inflater = new Inflater(bare);
    } else {
      inflater.reset();
    }
    checksum.reset();
    part = Part.DATA;
  }

  private void inflate(ByteBuf in, Body body) throws Fault {
    Inflater current = inflater;
    if (current == null) {
      throw invalid("no data", null);
    }
    ByteBuffer input = in.nioBuffer();
    current.setInput(input);
    int count;
    do {
      ByteBuf block = body.space();
      int start = block.writerIndex();
      try {
        count = current.inflate(block.nioBuffer(start, block.writableBytes()));
      } catch (DataFormatException corrupt) {
        throw invalid(String.valueOf(corrupt.getMessage()), corrupt);
      }
      if (gzip && count > 0) {
        checksum.update(block.nioBuffer(start, count));
      }
      block.writerIndex(start + count);
      body.wrote(count);
      if (current.needsDictionary()) {
        throw invalid("it needs a preset dictionary", null);
      }
    } while (count > 0 && !current.finished());
    in.skipBytes(in.readableBytes() - input.remaining());
    if (current.finished()) {
      part = gzip ? Part.TRAILER : Part.SURPLUS;
      trailer = 0;
      trailerBytes = 0;
    }
  }

  private void acceptTrailer(ByteBuf in) throws Fault {
    if (trailerBytes < TRAILER_BYTES) {
      trailer |= (in.readByte() & 0xffL) << (8 * trailerBytes);
      trailerBytes++;
      if (trailerBytes == TRAILER_BYTES) {
        checkTrailer();
      }
      return;
    }
    // A further member, or padding, which is ignored as zlib's own tools do.
    if ((in.getByte(in.readerIndex()) & 0xff) == 0x1f) {
      header = new GzipHeader();
      part = Part.HEADER;
    } else {
      part = Part.SURPLUS;
    }
  }

  private void checkTrailer() throws Fault {
    if (inflater == null
        || (trailer & 0xffff_ffffL) != checksum.getValue()
        || trailer >>> 32 != (inflater.getBytesWritten() & 0xffff_ffffL)) {
      throw invalid("its checksum does not match", null);
    }
  }

  private static Fault invalid(String reason, @Nullable Throwable cause) {
    return new Fault(
        ErrorCode.PROTOCOL,
        Fault.Remedy.NONE,
        "the compressed body is corrupt: "
            + reason
            + "; try again, or set the header accept-encoding to identity",
        cause);
  }
}
