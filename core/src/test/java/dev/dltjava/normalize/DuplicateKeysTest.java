package dev.dltjava.normalize;

import static dev.dltjava.normalize.Tables.PLAIN;
import static dev.dltjava.normalize.Tables.normalize;
import static dev.dltjava.normalize.Tables.withLoadId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.normalize.Tables.Table;
import dev.dltjava.normalize.Tables.TableSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Of equal keys in one object the last one counts, as in the dictionaries that dlt normalizes.
final class DuplicateKeysTest {
  private static TableSet tables(String document) {
    return normalize(PLAIN, document.replace('\'', '"'));
  }

  private static Table root(String document) {
    TableSet tables = tables(document);
    assertThat(tables.names()).containsExactly("t");
    return tables.get("t");
  }

  @Test
  void keepsTheLastScalarAndItsType() {
    assertThat(root("{'a':1,'b':0,'a':'x'}").columns())
        .isEqualTo(Map.of("a", List.of("x"), "b", List.of(0L)));
    Table later = root("[{'a':1},{'a':'x','a':2}]");
    assertThat(later.names()).containsExactly("a");
    assertThat(later.column("a")).containsExactly(1L, 2L);
  }

  @Test
  void keepsTheLastOfTheFirstValuesOfANewColumn() {
    assertThat(root("{'a':1,'b':0,'a':2}").columns())
        .isEqualTo(Map.of("a", List.of(2L), "b", List.of(0L)));
    assertThat(root("[{'a':'x','a':'y','a':'z'},{'a':'u'}]").column("a")).containsExactly("z", "u");
  }

  @Test
  void removesTheValueBeforeANull() {
    assertThat(root("[{'a':1},{'a':2,'a':null}]").column("a")).containsExactly(1L, null);
    assertThat(root("{'a':1,'b':2,'a':null}").names()).containsExactly("b");
  }

  @Test
  void replacesAnObjectWhole() {
    assertThat(root("{'a':{'x':1,'y':{'z':2}},'a':{'x':3}}").columns())
        .isEqualTo(Map.of("a__x", List.of(3L)));
    Table later = root("[{'a':{'x':1,'y':2}},{'a':{'x':3,'y':4},'a':{'y':5}}]");
    assertThat(later.column("a__x")).containsExactly(1L, null);
    assertThat(later.column("a__y")).containsExactly(2L, 5L);
  }

  @Test
  void replacesAnObjectByAScalarAndAScalarByAnObject() {
    assertThat(root("{'a':{'x':1},'a':2}").names()).containsExactly("a");
    assertThat(root("{'a':2,'a':{'x':1}}").names()).containsExactly("a__x");
    assertThat(root("{'a':{'x':1},'a':{}, 'b':1}").names()).containsExactly("b");
  }

  @Test
  void replacesAListAndWhatIsBelowIt() {
    TableSet tables =
        tables(
            "[{'l':[{'m':['a','b'],'v':'first'}]},"
                + "{'l':[{'m':['c'],'v':'gone','w':1},{'m':['d','e']}],'l':[{'m':['f'],'v':'kept'}]},"
                + "{'l':[{'v':'next'}]}]");
    Table list = tables.get("t__l");
    assertThat(list.names()).containsExactly("v");
    assertThat(list.column("v")).containsExactly("first", "kept", "next");
    assertThat(tables.get("t__l__m").column("value")).containsExactly("a", "b", "f");
  }

  @Test
  void replacesAListByAScalarAndAScalarByAList() {
    assertThat(root("{'l':[1,{'x':[2]}],'l':3}").names()).containsExactly("l");
    TableSet tables = tables("[{'l':3,'l':[1]},{'l':['x'],'l':[]},{'l':[4]}]");
    assertThat(tables.get("t").names()).isEmpty();
    assertThat(tables.get("t__l").names()).containsExactly("value");
    assertThat(tables.get("t__l").column("value")).containsExactly(1L, 4L);
  }

  @Test
  void keepsTheLastOfTwoListsWithOneName() {
    assertThat(tables("{'l':[1,2],'x':1,'L':[3]}").get("t__l").column("value")).containsExactly(3L);
  }

  @Test
  void givesTheRowsThatStayTheirOwnIds() {
    TableSet tables =
        normalize(withLoadId(PLAIN, "1"), "[{\"l\":[1,2,3],\"l\":[4,5]},{\"l\":[6]}]");
    assertThat(tables.get("t__l").column("_dlt_list_idx")).containsExactly(0L, 1L, 0L);
    assertThat(tables.get("t__l").column("_dlt_parent_id"))
        .containsExactly(
            tables.get("t").column("_dlt_id").get(0),
            tables.get("t").column("_dlt_id").get(0),
            tables.get("t").column("_dlt_id").get(1));
  }
}
