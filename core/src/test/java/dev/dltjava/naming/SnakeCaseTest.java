package dev.dltjava.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The expected names were printed by dlt itself.
final class SnakeCaseTest {
  private final SnakeCase unlimited = new SnakeCase(0);

  @ParameterizedTest
  @CsvSource({
    "@id,aid",
    "onlineStatus,online_status",
    "HTTPServer,http_server",
    "aB1C2d,a_b1_c2d",
    "A1b,a1b",
    "1x,_1x",
    "x_,xx",
    "x__,x",
    "_,x",
    "__y,y",
    "a__B__cD,a__b__c_d",
    "a___b,a___b",
    "Über,_ber",
    "日本,x",
    "½,x",
    "ünïcödé,_n_c_dx",
    "BANANA____,banana",
    "٣x,_٣x",
    "aİb,a_b",
    "a+b*c|d-e,axbxcld_e",
  })
  void namesKeysAsDltDoes(String key, String name) {
    assertThat(unlimited.normalizeKey(key)).isEqualTo(name);
  }

  @Test
  void namesKeysWithoutVisibleCharactersEmpty() {
    assertThat(unlimited.normalizeKey("")).isEqualTo("_empty");
    assertThat(unlimited.normalizeKey("  \t")).isEqualTo("_empty");
  }

  @Test
  void shortensWithATagOfTheOriginalName() {
    SnakeCase twenty = new SnakeCase(20);
    assertThat(twenty.normalizeKey("shortEnough")).isEqualTo("short_enough");
    assertThat(twenty.normalizeKey("averylongidentifierthatgoeson"))
        .isEqualTo("averylo2h376qtgoeson");
    assertThat(twenty.normalizeKey("thisIsAVeryLong__nestedOne__andMoreOfIt"))
        .isEqualTo("this_issreoewe_of_it");
    assertThat(twenty.shortenPath("orders__customer__address__street"))
        .isEqualTo("orders_aojusw_street");
  }

  @Test
  void refusesLengthsThatATagWouldNotFitInto() {
    assertThatThrownBy(() -> new SnakeCase(7)).isInstanceOf(IllegalArgumentException.class);
  }
}
