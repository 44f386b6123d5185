package dev.dltjava.pipeline;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.fuzz.Bytes;
import java.nio.charset.StandardCharsets;

/// Options are a plan, or are refused as options.
public final class OptionsFuzzTarget {
  private OptionsFuzzTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    try {
      SourcePlan.parse(new String(input, StandardCharsets.UTF_8), "test/1");
    } catch (DltJavaException refused) {
      Bytes.require(refused.code() == ErrorCode.OPTIONS, refused.code() + " " + refused);
    }
  }
}
