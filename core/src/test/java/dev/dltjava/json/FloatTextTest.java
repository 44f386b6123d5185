package dev.dltjava.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FloatTextTest {
  @ParameterizedTest
  @CsvSource({
    "1.5,1.5,1.5",
    "0.0,0.0,0.0",
    "-0.0,-0.0,-0.0",
    "100.0,100.0,100.0",
    "1e22,1e+22,1e+22",
    "1e16,1e+16,1e+16",
    "1e15,1000000000000000.0,1000000000000000.0",
    "123456789012345680.0,1.2345678901234568e+17,1.2345678901234568e+17",
    "0.0001,0.0001,0.0001",
    "0.00001,1e-05,0.00001",
    "1.5e-7,1.5e-07,1.5e-7",
    "5e-324,5e-324,5e-324",
    "1.7976931348623157e308,1.7976931348623157e+308,1.7976931348623157e+308",
  })
  void writesDoublesAsPythonAndOrjsonDo(double value, String python, String orjson) {
    assertThat(FloatText.python(value)).isEqualTo(python);
    assertThat(FloatText.orjson(value)).isEqualTo(orjson);
  }
}
