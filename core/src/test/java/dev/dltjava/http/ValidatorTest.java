package dev.dltjava.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ValidatorTest {
  private static final String SENT = "Wed, 21 Oct 2015 07:28:10 GMT";

  private static Headers headers(String modified, String sent) {
    return new Headers(List.of(new Header("Last-Modified", modified), new Header("Date", sent)));
  }

  /// Netty's parser of dates throws for it.
  @Test
  void takesDatesOfAnyLengthForNone() {
    String longDate = "Wed, 21 Oct 2015 07:28:00 GMT" + " ".repeat(60) + "x";
    assertThat(Validator.of(headers(longDate, SENT))).isEmpty();
    assertThat(Validator.of(headers("Wed, 21 Oct 2015 07:28:00 GMT", longDate))).isEmpty();
    assertThat(Validator.of(headers("Wed, 21 Oct 2015 07:28:00 GMT", SENT))).isPresent();
  }
}
