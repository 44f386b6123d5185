# SPDX-License-Identifier: Apache-2.0
"""Makes the conformance corpus of the core's normalizer, with dlt itself as the referee.

    python tools/make_conformance.py ../core/src/test/resources/conformance

Each file holds options, documents, and what the library has to make of them: `tables`, as
`tools/referee.py` describes them, random row ids replaced by `#1`, `#2`, ...; or the number of an
`error`. Where that is not what dlt makes of the documents, `difference` says why, `dlt` what dlt
does, and `docs/reference/differences.md` explains it to users. `since` is the oldest dlt that makes
the tables, `exponents` tells whether the version of orjson matters.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from referee import LOAD_ID, Referee, Text, with_places

_JSON = 201
_ENCODING = 202
_LIMIT = 203
_RECORD = 204
_VALUE = 205


def _case(
    *documents: str, since: str = "1.26", exponents: bool = False, **options: Any
) -> dict[str, Any]:
    """Documents of which dlt's tables are expected.

    Args:
        *documents: JSON texts.
        since: The oldest dlt that makes the tables.
        exponents: Whether JSON text holds numbers with exponents, which older versions of orjson
            write in another way (`1e22` instead of `1e+22`).
        **options: Of the source.
    """
    complete = {
        "requests": [],
        "table": "t",
        "load_id": LOAD_ID,
        "column_order": "scalars_first",
        **options,
    }
    return {
        "since": since,
        "exponents": exponents,
        "options": complete,
        "documents": list(documents),
    }


def _refused(error: int, difference: str, *documents: str, **options: Any) -> dict[str, Any]:
    """Documents that are refused."""
    return {**_case(*documents, **options), "difference": difference, "error": error}


def _other(
    tables: Mapping[str, Any], difference: str, *documents: str, **options: Any
) -> dict[str, Any]:
    """Documents of which other tables than dlt's are expected."""
    return {**_case(*documents, **options), "difference": difference, "tables": dict(tables)}


def _table(parent: str | None, columns: Mapping[str, str], *rows: Sequence[Any]) -> dict[str, Any]:
    return {"parent": parent, "columns": dict(columns), "rows": [list(row) for row in rows]}


def _root(columns: Mapping[str, str], *rows: Sequence[Any]) -> dict[str, Any]:
    """A root table whose data columns are given; the columns that dlt adds stand behind them."""
    added = {"_dlt_load_id": "text", "_dlt_id": "text"}
    lines = [[*row, LOAD_ID, f"#{number}"] for number, row in enumerate(rows, 1)]
    return _table(None, {**columns, **added}, *lines)


def _columns(**types: str) -> dict[str, Any]:
    return {"t": {"columns": {name: {"data_type": kind} for name, kind in types.items()}}}


def _records(values: Sequence[Any]) -> str:
    """A document with one record for each value, under the key `a`."""
    return json.dumps([{"a": value} for value in values])


def _texts(*texts: str) -> str:
    """A document with one record, in which each text has a key of its own."""
    return json.dumps({f"c{number}": text for number, text in enumerate(texts)})


_DATE_TIMES = (
    "2024-01-01 10:00",
    "2024-01-01T10:00:00+0200",
    "20240101T100000",
    "2024-W01-1T10:00",
    "2024-W00T10:00",
    "2024-W01-0T10:00",
    "2024W537T10",
    "2024W527T10",
    "2024-001T10",
    "2024-366T10",
    "2023-366T10",
    "2024/01/15 10:00",
    "2024:01:15 1:2:3|5",
    "2024/01/1510:00",
    "2024011510:5",
    "202410:00:7",
    "2024-01-01T10:00:00.123456789Z",
    "2024-01-01T10:00:00,5",
    "2024-01-01T10:00:00.",
    "2024-01T10:00",
    "0001-01-01T00:00",
    "0000-01-01T00:00",
    "9999-12-31T23:59:59.999999",
    "2024T10:00",
    "2024-01-01t10:00:00",
    "2024-01-01T24:00:00",
    " 2024-01-01T10:00",
    "2024-01-01T10:00 Z",
    "2024-01-01T10:00:60",
    "2024-1-1T1:00",
    "2024-01-01T1000",
    "20240101T10:00:00",
    "20240101T10:00",
    "2024-02-30T10:00",
    "2024-01-01T10",
    "2024-01-01T10Z",
    "2024-01-01T10:00:00-00:00",
    "2024-01-01T10:00:00+23:59",
    "2024-01-01T10:00:00+02:60",
    "2024-01-01T10:00:00+2",
    "2024-01-01T10:00:00+02:",
    "2024-01-01T10:00:00+02:00x",
    "\uff12\uff10\uff12\uff14-01-01T10:00",
    "\uff12\uff10\uff12\uff14/01/01 10:00",
    "P1D",
    "PT5M",
    "2024-01-01/2024-02-01",
    "10:00",
    "T10:00",
    "2024",
    "2024-01",
    "2024-01-01",
    "2024-W01",
    "2024-001",
    "20240101",
    "202401",
    "2024/01/15",
    "2024/01",
    "1700000000",
    "1700000000.5",
    " 1e3 ",
    "0x10",
    "nan",
    "inf",
    "",
    "x",
)

_TIMES = ("10:00", "01:00:00+02:00", "9:5:1.5", " 9:05", "24:00", "T1000", "T10:00", "T10:00:00")

_NUMBERS = (" 12 ", "1_000", "٣", "0x1f", "0X1f", "+5", "--5", "1.0", "-0", "1e3", ".5", "5.", "x")

_OWN_IDS = "ids that records bring are text, in the place of those that dlt adds"
_WIDE = "an integer beyond 64 bits has no column"
_VARIANTS = "a key whose name is that of a variant column"
_PRIVATE = "texts that begin with dlt's private characters stay text"
_STRICT = "not JSON, which dlt's own HTTP client refuses too"
_HALF = "half of a surrogate pair has no UTF-8"
_DEEP = "deeper than dlt can write"
_RANGE = "a time beyond Python's"
_LISTS = "lists under keys without a name would go to the table of their parent"

CASES: dict[str, dict[str, Any]] = {
    "flat": _case('[{"a":1,"b":"x","c":1.5,"d":true,"e":null,"f":"2024-01-01T10:00:00Z"},{}]'),
    "objects": _case('{"a":{"x":1,"in":{"z":1},"y":2},"b":{"y":2},"c":3,"d":{}}'),
    "lists": _case('[{"l":[{"m":["a",null]},{"v":2},[1,[2]],3]},{"l":[]},{"l":[{}]}]'),
    "root_id": _case('[{"l":[{"m":[1,2]}]},{"l":[5],"_dlt_id":"own"}]', root_id=True),
    "key_hash": _case(
        '[{"iD":1,"b":{"c":"ü"},"l":[1,2]},{"b":{"c":""},"iD":2.5}]',
        row_id="key_hash",
        primary_key=["i_d", "b__c"],
    ),
    "row_hash": _case(
        '[{"z":[{"b":1e22,"a":null}],"a":true,"_dlt_x":1},{"a":false}]',
        row_id="row_hash",
        exponents=True,
    ),
    "variants": _case('[{"a":1},{"a":1.5},{"a":2.0},{"a":"x"},{"a":"7"},{"a":true},{"a":{}}]'),
    "texts": _case('[{"a":"x"},{"a":1},{"a":1e22},{"a":true},{"a":1.5},{"a":1e-5}]'),
    "nesting_0": _case('{"a":{"b":[1,1.0,"ü"]},"l":[{"x":[1]}]}', max_table_nesting=0),
    "nesting_1": _case('{"a":{"b":{"c":1}},"l":[{"x":[1],"y":{}}]}', max_table_nesting=1),
    "nesting_2": _case('{"a":{"b":{"c":1}},"l":[{"x":[[1]],"y":{}}]}', max_table_nesting=2),
    "equal_keys": _case(
        '[{"a":1,"a":"x"},{"b":{"x":1},"b":2},{"c":[1],"c":[2,3]},{"d":1,"d":null}]'
    ),
    "equal_keys_of_one_kind": _case('[{"a":1,"b":0,"a":2},{"c":"x","c":"y","c":"z"},{"c":"u"}]'),
    "lists_and_objects_with_a_list": _case(
        '[{"a":[{"list":[0]},[1],{"list":[2]}]},{"a":[[],{"list":[null]}]},{"a":[{"list":3}]}]',
        max_table_nesting=2,
    ),
    "empty_lists_of_other_parents": _case(
        '[{"a":[{"b":[]}],"c__d":[]},{"a__b":[1],"c":[{"d":[2]}]}]'
    ),
    "equal_names": _case('[{"aB":1,"a_b":2},{"c":{"d":1},"c__d":2},{"L":[1],"l":[2]}]'),
    "decimals": _case(
        '[{"a":1},{"a":"1.25"},{"a":"x"},{"a":0.1},{"a":true},{"a":"0x10"}]',
        tables=_columns(a="decimal"),
        since="1.31",
    ),
    "wei": _case('[{"a":1},{"a":"12345678901234567890"},{"a":"x"}]', tables=_columns(a="wei")),
    "times": _case(
        '[{"a":"10:00"},{"a":"01:00:00+02:00"},{"a":"9:5:1.5"},{"a":"24:00"},{"a":1}]',
        tables=_columns(a="time"),
    ),
    "binaries": _case(
        '[{"a":"0xff"},{"a":"YWI="},{"a":"YWI"},{"a":256},{"a":-1},{"a":""}]',
        tables=_columns(a="binary"),
    ),
    "json_columns": _case(
        '[{"a":{"x":[1]}},{"a":[1,2.0]},{"a":"{\\"y\\": 1}"},{"a":"x"},{"a":5}]',
        tables=_columns(a="json"),
    ),
    "dates": _case(
        '[{"a":"2024-02-29"},{"a":"2024-02-29T23:00:00-02:00"},{"a":86400},{"a":"x"}]',
        tables=_columns(a="date"),
    ),
    "bools": _case(
        '[{"a":"yes"},{"a":0},{"a":1.5},{"a":"F"},{"a":"maybe"}]', tables=_columns(a="bool")
    ),
    "direct": _case('{"aB":{"c__d":1},"L":[{"x y":1}]}', naming="direct"),
    "sql_cs": _case('{"aB":{"c d":1},"L":[{"x y_":1}]}', naming="sql_cs_v1"),
    "sql_ci": _case('{"aB":{"c d":1},"L":[{"x y_":1}]}', naming="sql_ci_v1"),
    "duck": _case('{"aB":{"c  d":1},"L":[{"ü🙂":1}]}', naming="duck_case"),
    "shortened": _case(
        '{"aVeryLongKeyIndeed":{"andAnotherOne":1},"listsHaveLongNamesToo":[1]}',
        maximum_identifier_length=20,
    ),
    "scalars": _case('["x",null,"y",[1,2],[{"a":1}]]'),
    # Values that are nothing.
    "nulls": _case('[{"a":null,"b":{},"c":[],"d":[null],"e":[[]],"f":{"g":null}},{}]'),
    "null_then_value": _case('[{"a":null},{"a":1},{"a":null}]', '{"a":2,"b":"x"}'),
    "null_replaces": _case('[{"a_b":1,"aB":null},{"a_b":1}]'),
    "empty_records": _case("[{},{}]"),
    "no_records": _case("[]"),
    "null_documents": _case("null", "[null]"),
    # Documents that are no objects.
    "scalar_documents": _case("7", "true", '"x"', "1.5", "[1]"),
    "lists_of_lists": _case('[[1,2],[[3],["x"]],{"l":[[[1]],[]]}]'),
    # Numbers.
    "integers": _case(_records([2**63 - 1, -(2**63), 0, -1]), '{"b":-0,"c":-0.0}'),
    "infinite_numbers": _case('[{"a":1e999},{"a":1.5},{"a":-1e999},{"l":[1e999]}]'),
    "infinite_numbers_in_json": _case('{"a":[1e999,-1e999]}', max_table_nesting=0),
    "floats": _case(_records([5e-324, 1.7976931348623157e308, 0.1, 1e16, 1e22, -0.0, 1e-7])),
    "floats_as_text": _case(_records(["x", 5e-324, 1e308, 0.1, 1e16, 123456789012345680.0, 1e-5])),
    "floats_in_json": _case(
        '{"a":[5e-324,1e308,0.1,1e16,1e22,-0.0,1e-7,1.0]}', max_table_nesting=0, exponents=True
    ),
    "unsigned_in_json": _case(
        '{"a":[9223372036854775808,18446744073709551615]}', max_table_nesting=0
    ),
    "numbers_in_text": _case(_records([1, *_NUMBERS])),
    "doubles_in_text": _case(_records([1.5, *_NUMBERS, "1e400", "nan", "inf", 2**53 + 1])),
    "decimals_in_text": _case(_records([*_NUMBERS, "1.234567891"]), tables=_columns(a="decimal")),
    "bools_in_text": _case(_records([True, "yes", "TRUE", "ja", " no", 1, 0.0, "N", ""])),
    "integers_beyond_64_bits": _refused(_VALUE, _WIDE, '{"a":18446744073709551616}'),
    "integers_beyond_63_bits": _refused(_VALUE, _WIDE, '{"a":9223372036854775808}'),
    "integers_beyond_63_bits_as_text": _refused(
        _VALUE, _WIDE, '[{"a":"x"},{"a":9223372036854775808}]'
    ),
    "wide_integers_in_json": _other(
        {"t": _root({"a": "json"}, ["[18446744073709551616]"])},
        _WIDE,
        '{"a":[18446744073709551616]}',
        max_table_nesting=0,
    ),
    "doubles_beyond_bigint": _other(
        {
            "t": _table(
                None,
                {"a": "bigint", "_dlt_load_id": "text", "_dlt_id": "text", "a__v_double": "double"},
                [1, LOAD_ID, "#1", None],
                [None, LOAD_ID, "#2", 1e19],
            )
        },
        _WIDE,
        '[{"a":1},{"a":1e19}]',
    ),
    "text_beyond_bigint": _other(
        {
            "t": _table(
                None,
                {"a": "bigint", "_dlt_load_id": "text", "_dlt_id": "text", "a__v_text": "text"},
                [1, LOAD_ID, "#1", None],
                [None, LOAD_ID, "#2", "99999999999999999999"],
            )
        },
        _WIDE,
        '[{"a":1},{"a":"99999999999999999999"}]',
    ),
    "nan": _refused(_JSON, _STRICT, '{"a":NaN}'),
    "infinity": _refused(_JSON, _STRICT, '{"a":[-Infinity]}'),
    # Points in time.
    "date_times": _case(_texts(*_DATE_TIMES)),
    "date_times_in_timestamps": _case(_records(["2024-01-01T10:00Z", *_DATE_TIMES])),
    "date_times_in_dates": _case(_records(_DATE_TIMES), tables=_columns(a="date")),
    "date_times_in_times": _case(_records([*_TIMES, *_DATE_TIMES]), tables=_columns(a="time")),
    "numbers_in_timestamps": _case(
        _records(
            ["2024-01-01T10:00Z", 1700000000, 1700000000123, 1.5, -1, 0.1, True, "12.5", 1e300]
        )
    ),
    "days_off_utc": _other(
        {"t": _root({"a": "text"}, ["2024-01-01T10:00:00+24:00"])},
        _RANGE,
        '{"a":"2024-01-01T10:00:00+24:00"}',
    ),
    "before_year_1": _other(
        {"t": _root({"a": "text"}, ["0001-01-01T00:00:00+05:00"])},
        _RANGE,
        '{"a":"0001-01-01T00:00:00+05:00"}',
    ),
    # Text.
    "byte_order_mark": _case('\ufeff[{"a":1}]'),
    "escapes": _case(
        r'{"a":"\u0000\u0001\t\n\"\\\/\u007f\u2028\ud83d\ude00","b\u0000c":"x\u0000y"}'
    ),
    "escapes_in_json": _case(
        r'{"a":["\u0000\u0001\t\n\"\\\/\u007f\u2028\ud83d\ude00\b\f\r\u001f",{"\u0001":"ü"}]}',
        max_table_nesting=0,
    ),
    "private_characters": _case(
        json.dumps({f"c{n}": chr(0xF025 + n) + "x" for n in range(12)}),
        json.dumps({f"d{n}": chr(0xF025 + n) for n in range(12)}),
    ),
    "typed_private_characters": _other(
        {"t": _root({"a": "text", "b": "text"}, ["\uf0261.5", "\uf0272024-01-01"])},
        _PRIVATE,
        '{"a":"\uf0261.5","b":"\uf0272024-01-01"}',
    ),
    "half_a_surrogate_pair": _refused(_VALUE, _HALF, r'{"a":"\ud800"}'),
    "half_a_surrogate_pair_in_json": _refused(
        _VALUE, _HALF, r'{"a":["\udc00x"]}', max_table_nesting=0
    ),
    "bytes_that_are_no_text": {
        **_refused(_ENCODING, _STRICT),
        "documents_hex": [b'{"a":"\xff"}'.hex()],
    },
    # Keys.
    "reserved_words": _case(
        '{"select":1,"from":{"where":2},"table":[1],"__init__":1,"order":2,"NULL":3}'
    ),
    "names_of_the_normalizer": _case(
        '{"value":1,"list":[1],"_empty":2,"l":[{"value":1,"list":[[2]]},3,[4]]}'
    ),
    "special_keys": _case(
        json.dumps(
            dict.fromkeys(
                [
                    "a b",
                    "a.b.c",
                    'a"b',
                    "1",
                    "1x",
                    "a+b*c",
                    "@x",
                    "x|y",
                    "x-y",
                    "_",
                    "x_",
                    "y__",
                    "$",
                ],
                1,
            )
        )
    ),
    "unicode_keys": _case(
        json.dumps(
            dict.fromkeys(
                ["Über", "日本", "🙂", "ünïcödé", "½", "٣", "a٣B", "ß", "İx", "ﬁ", "Ω", "e\u0301"],
                1,
            )
        )
    ),
    "blank_keys": _case('[{"":1},{" ":2,"\\t":3},{"":{"":4,"a":5}},{"\u00a0":6}]'),
    "underscore_keys": _case('{"a":{"__":1},"b":{"____":{"c":2}},"__d__":3,"e____f":4,"___":5}'),
    "paths_in_keys": _case('{"a__b":[1],"c":{"d__e":1},"f__g":{"h":1}}'),
    "long_keys": _case(
        json.dumps({"aVeryLongKeyIndeed" * 4: {"b" * 70: [{"ünï" * 30: 1}], "c": 2}}),
        maximum_identifier_length=63,
    ),
    "lists_under_blank_keys": _other(
        {
            "t": _root({}, []),
            "t___empty": _table(
                "t",
                {
                    "value": "bigint",
                    "_dlt_parent_id": "text",
                    "_dlt_list_idx": "bigint",
                    "_dlt_id": "text",
                },
                [1, "#1", 0, "#2"],
            ),
        },
        _LISTS,
        '{"":[1]}',
    ),
    "lists_under_underscores": _other(
        {
            "t": _root({}, []),
            "t___empty": _table(
                "t",
                {
                    "value": "bigint",
                    "_dlt_parent_id": "text",
                    "_dlt_list_idx": "bigint",
                    "_dlt_id": "text",
                },
                [1, "#1", 0, "#2"],
            ),
        },
        _LISTS,
        '{"__":[1]}',
    ),
    "half_a_surrogate_pair_in_keys": _other(
        {"t": _root({"ax": "bigint"}, [1])}, _HALF, r'{"a\ud800":1}'
    ),
    "half_a_surrogate_pair_in_kept_keys": _refused(
        _VALUE, _HALF, r'{"a\ud800":1}', naming="direct"
    ),
    "nul_in_kept_keys": _refused(
        _VALUE, "Arrow's names end at a NUL", r'{"a\u0000":1}', naming="direct"
    ),
    "nul_in_kept_table_names": _refused(
        _VALUE, "Arrow's names end at a NUL", r'{"a\u0000":[1]}', naming="direct"
    ),
    "equal_keys_of_all_kinds": _case(
        '[{"a":1,"a":{"b":2},"a":[3]},{"a":{"b":1},"a":{"c":2}},{"a":[1,2],"a":null},{"a":[1],"a":5}]'
    ),
    "lists_in_equal_keys": _case('[{"a":{"l":[1,2]},"a":5},{"a":[{"l":[1]}],"a":[{"l":[2]}]}]'),
    # Keys that dlt uses itself.
    "own_ids": _case(
        '[{"a":1,"l":[1]},{"_dlt_id":"own","l":[1,{"m":[2]}]},{"_dlt_id":""},{"_dlt_id":null}]'
    ),
    "own_ids_first": _other(
        {
            "t": _table(
                None, {"_dlt_load_id": "text", "_dlt_id": "text"}, [LOAD_ID, "5"], [LOAD_ID, "own"]
            ),
        },
        _OWN_IDS,
        '[{"_dlt_id":5},{"_dlt_id":"own"}]',
    ),
    "own_load_id": _case('{"a":1,"_dlt_load_id":"mine","l":[{"b":2,"_dlt_load_id":"own"}]}'),
    "own_parent_ids": _other(
        {
            "t": _root({}, []),
            "t__l": _table(
                "t",
                {"_dlt_parent_id": "text", "_dlt_list_idx": "bigint", "_dlt_id": "text"},
                ["#1", 0, "own"],
            ),
        },
        _OWN_IDS,
        '{"l":[{"_dlt_id":"own","_dlt_parent_id":"other","_dlt_list_idx":9}]}',
    ),
    "other_private_columns": _case('{"_dlt_other":1,"_dlt":{"id":2},"_dlt_list_idx":3}'),
    "nested_own_id": _case('[{"_dlt_id":{"a":1},"b":[{"_dlt_id":{"c":1}}]}]'),
    # Variants.
    "variants_of_nested_values": _case(
        '[{"a":{"b":1}},{"a":{"b":"x"}},{"a":[{"b":1}]},{"a":"s"},{"a":1},{"a":[{"b":"y"}]}]'
    ),
    "variants_of_json": _case(
        _records([1, {"b": 1}, [1], "x"]),
        json.dumps([{"b": "2024-01-01T10:00"}, {"b": {"c": 1}}, {"d": True}, {"d": [{}]}]),
        max_table_nesting=0,
    ),
    "json_in_text": _case(
        _records([{"b": 1}, 1, "x", "[1, 2]", '{"a" :1}', True, "null", None, "1.0", "NaN", ""]),
        max_table_nesting=0,
    ),
    "text_takes_json": _case(
        _records(["x", [1, 1e22], {"b": "é\u0001", "c": None}, True]),
        max_table_nesting=0,
        exponents=True,
    ),
    "variant_column_in_use": _refused(_VALUE, _VARIANTS, '[{"a__v_text":1,"a":1},{"a":"x"}]'),
    "variant_column_in_use_by_record": _refused(
        _VALUE, _VARIANTS, '[{"a":1},{"a__v_text":5,"a":"x"}]'
    ),
    "known_tables": _case(
        '[{"a":"5","l":[{"b":"6","c":1}]},{"a":"x"}]',
        tables={
            "t": {"columns": {"a": {"data_type": "bigint"}, "gone": {"data_type": "text"}}},
            "t__l": {"columns": {"b": {"data_type": "bigint"}}},
        },
    ),
    # Nesting.
    "deep_objects": _case('{"a":' * 100 + "1" + "}" * 100),
    "deep_lists": _case('{"a":' + "[" * 100 + "1" + "]" * 100 + "}"),
    "deeper_than_dlt": _other(
        {"t": _root({"a": "json"}, ["[" * 400 + "]" * 400])},
        _DEEP,
        '{"a":' + "[" * 400 + "]" * 400 + "}",
        max_table_nesting=0,
    ),
    "deepest": _refused(_LIMIT, _DEEP, '{"a":' + "[" * 500 + "]" * 500 + "}", max_table_nesting=0),
    # Keys and hashes.
    "key_hash_of_all_types": _case(
        '[{"a":"ü\\u0001\\"","b":1,"c":1.0,"d":true,"l":[{"m":[1]}]},{"d":false,"c":1e22,"b":-1,"a":""}]',
        row_id="key_hash",
        primary_key=["a", "b", "c", "d"],
        root_id=True,
        exponents=True,
    ),
    "key_without_value": _refused(
        _RECORD,
        "a record without a value for its key has no row",
        '[{"a":1,"b":2},{"b":2}]',
        row_id="key_hash",
        primary_key=["a"],
    ),
    "row_hash_of_all_types": _case(
        '[{"ü":"ü\\u0001","b":[{"d":1,"c":null},[1.0,1e22,1e-7,5e-324]],"a":{"z":1,"y":true}},"x",[1],null]',
        row_id="row_hash",
        exponents=True,
    ),
    "row_hash_of_equal_records": _case(
        '[{"a":1,"b":2},{"b":2,"a":1},{"a":1,"a":1,"b":2}]', row_id="row_hash"
    ),
    # Text that is no JSON.
    **{
        f"not_json_{number}": _refused(_JSON, _STRICT, document)
        for number, document in enumerate(
            [
                '{"a":1,}',
                "{'a':1}",
                '{"a":01}',
                '{"a":.5}',
                '{"a":1.}',
                '{"a":+1}',
                '{"a":0x1}',
                '{"a":"\t"}',
                "[1,]",
                '{"a":tru}',
                '{"a":1',
                '{"a"}',
                "{a:1}",
                '"x',
                "[1}",
                "nul",
                '{"a":1}}',
                r'{"a":"\x"}',
                r'{"a":"\u12"}',
                "// x\n1",
            ]
        )
    },
}


def outcome(case: Mapping[str, Any]) -> dict[str, Any]:
    """What dlt makes of a case's documents: its tables, or the name of its error."""
    options = case["options"]
    try:
        tables = Referee(options).run(texts(case))
    except Exception as failure:
        return {"error": type(failure).__name__}
    random_ids = options.get("row_id", "random") == "random"
    return {"tables": with_places(tables) if random_ids else tables}


def texts(case: Mapping[str, Any]) -> list[Text]:
    """The documents of a case, as bytes where they are no text."""
    return [*case["documents"], *map(bytes.fromhex, case.get("documents_hex", ()))]


def written(case: Mapping[str, Any]) -> dict[str, Any]:
    """A case as it stands in its file."""
    found = outcome(case)
    if "difference" not in case:
        return {**case, **found}
    expected = {key: case[key] for key in ("tables", "error") if key in case}
    if found == expected:
        raise ValueError(f"dlt makes the same: {case['difference']}")
    return {**case, "dlt": _readable(found)}


def _readable(found: Any) -> Any:
    """Without integers that other programs than Python do not read."""
    if isinstance(found, dict):
        return {key: _readable(value) for key, value in found.items()}
    if isinstance(found, list):
        return [_readable(value) for value in found]
    wide = isinstance(found, int) and not -(2**63) <= found < 2**63
    return str(found) if wide else found


def main() -> None:
    """Writes the files, and removes those of cases that are no more."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.json"):
        if file.stem not in CASES:
            file.unlink()
    for name, case in CASES.items():
        text = json.dumps(written(case), indent=1, ensure_ascii=True)
        (folder / f"{name}.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
