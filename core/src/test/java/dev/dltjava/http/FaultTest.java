package dev.dltjava.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import io.netty.channel.ChannelException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

final class FaultTest {
  @Test
  void aProcessWithoutFurtherFilesIsNoFaultOfTheLibrary() {
    Throwable cause = new SocketException("Too many open files");
    ChannelException refused = new ChannelException("Failed to open a socket.", cause);

    DltJavaException error = Fault.unforeseen(refused).toException("http://a/", 1);

    assertThat(error.code()).isEqualTo(ErrorCode.CONNECT);
    assertThat(error).hasMessageContaining("Too many open files").hasMessageContaining("ulimit -n");
  }
}
