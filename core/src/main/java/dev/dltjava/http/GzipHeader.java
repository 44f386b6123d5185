package dev.dltjava.http;

import dev.dltjava.error.ErrorCode;

/// Reads the header of a gzip member byte by byte (RFC 1952, section 2.3).
final class GzipHeader {
  private static final int HAS_CHECKSUM = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;
  private static final int FIXED_BYTES = 10;

  private int position;
  private int flags;
  private int extraLength;
  private int extraPosition;

  /// Takes the next byte; true when the header is complete.
  boolean accept(byte next) throws Fault {
    if (position < FIXED_BYTES) {
      acceptFixed(next & 0xff);
      position++;
    } else if ((flags & HAS_EXTRA) != 0) {
      acceptExtra(next & 0xff);
    } else if ((flags & HAS_NAME) != 0) {
      flags &= next == 0 ? ~HAS_NAME : ~0;
    } else if ((flags & HAS_COMMENT) != 0) {
      flags &= next == 0 ? ~HAS_COMMENT : ~0;
    } else {
      extraPosition++;
      flags &= extraPosition == 2 ? ~HAS_CHECKSUM : ~0;
    }
    return position == FIXED_BYTES
        && (flags & (HAS_EXTRA | HAS_NAME | HAS_COMMENT | HAS_CHECKSUM)) == 0;
  }

  private void acceptFixed(int next) throws Fault {
    boolean valid =
        switch (position) {
          case 0 -> next == 0x1f;
          case 1 -> next == 0x8b;
          case 2 -> next == 8;
          default -> true;
        };
    if (!valid) {
      throw new Fault(
          ErrorCode.PROTOCOL,
          Fault.Remedy.NONE,
          "the body is not gzip data although its content-encoding says so; report it to the"
              + " server's owner, or set the header accept-encoding to identity");
    }
    if (position == 3) {
      flags = next;
    }
  }

  /// Two bytes of length, low byte first, and so many bytes.
  private void acceptExtra(int next) {
    if (extraPosition < 2) {
      extraLength |= next << (8 * extraPosition);
    }
    extraPosition++;
    if (extraPosition >= 2 && extraPosition == extraLength + 2) {
      flags &= ~HAS_EXTRA;
      extraPosition = 0;
    }
  }
}
