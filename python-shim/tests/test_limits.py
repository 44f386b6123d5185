# SPDX-License-Identifier: Apache-2.0
"""The bounds on outside input: each says what it is, where it was reached, and how to raise it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from normalized import native_tables

from dlt_java import DataException, DltJavaException

LIMIT = 203
MEMORY = 307


@dataclasses.dataclass(frozen=True)
class Case:
    """A document beyond a limit.

    Attributes:
        document: Its third line is the first that is too much.
        options: The limit, if it is not the default.
        says: What the message says, the option's name if there is one.
        raised: The option that lets the document in.
    """

    document: str
    options: dict[str, Any]
    says: str
    raised: dict[str, Any] | None = None


def lines(third: str) -> str:
    return '{"a":1}\n{"a":2}\n' + third + "\n"


CASES = {
    "depth": Case(
        lines('{"a":' + "[" * 9 + "]" * 9 + "}"),
        {"max_nesting_depth": 9},
        "max_nesting_depth",
        {"max_nesting_depth": 10},
    ),
    "default depth": Case(
        lines("[" * 501 + "]" * 501), {}, "max_nesting_depth", {"max_nesting_depth": 501}
    ),
    "string": Case(
        lines('{"a":"' + "x" * 10_001 + '"}'),
        {"max_string_bytes": 10_000},
        "max_string_bytes",
        {"max_string_bytes": 10_001},
    ),
    "integer": Case(lines('{"a":' + "1" * 5_000 + "}"), {}, "(?i)number"),
    "fraction": Case(lines('{"a":0.' + "1" * 5_000 + "}"), {}, "(?i)number"),
    "key": Case(lines('{"' + "k" * 70_000 + '":1}'), {}, "(?i)name|key"),
    "columns": Case(
        lines('{"b":1,"c":1,"d":1}'), {"max_columns": 3}, "max_columns", {"max_columns": 4}
    ),
    "columns of a child table": Case(
        lines('{"l":[{"b":1,"c":1,"d":1,"e":1}]}'),
        {"max_columns": 3},
        "max_columns",
        {"max_columns": 4},
    ),
    "tables": Case(
        lines('{"b":[1],"c":[{"d":[1]}]}'), {"max_tables": 3}, "max_tables", {"max_tables": 4}
    ),
}


def options(**limits: Any) -> dict[str, Any]:
    return {"table": "t", **limits}


@pytest.mark.parametrize("name", CASES)
def test_a_limit_names_itself_and_the_place(name: str) -> None:
    case = CASES[name]

    with pytest.raises(DataException, match=case.says) as caught:
        native_tables(options(**case.options), [case.document])
    assert caught.value.code == LIMIT
    assert caught.value.row == 2
    assert caught.value.url == "text 0"
    if case.raised is not None:
        tables = native_tables(options(**case.raised), [case.document])
        assert len(tables["t"]["rows"]) == 3


@pytest.mark.parametrize("rows", [1, 3, 1_000])
def test_rows_of_a_batch_are_no_limit_of_a_table(rows: int) -> None:
    document = "\n".join(f'{{"a":{number},"l":[1,2]}}' for number in range(100))

    tables = native_tables(options(batch_rows=rows), [document])
    assert [row[0] for row in tables["t"]["rows"]] == list(range(100))
    assert len(tables["t__l"]["rows"]) == 200


def test_the_memory_limit_names_itself() -> None:
    document = '[{"a":"' + "x" * 40_000_000 + '"}]'

    with pytest.raises(DltJavaException, match="memory_limit_bytes") as caught:
        native_tables(options(memory_limit_bytes=1 << 24), [document])
    assert caught.value.code in (LIMIT, MEMORY)


def test_a_bad_record_in_json_lines_names_its_line() -> None:
    for number, line in enumerate(['{"a":}', '{"a":1,}', '{"a":tru}', '{"a":"\t"}', "]"]):
        text = '{"a":1}\n' * number + line + '\n{"a":2}\n'
        with pytest.raises(DataException, match=f"line {number + 1}\\b") as caught:
            native_tables(options(), [text])
        offset = caught.value.byte_offset
        assert offset is not None
        assert 8 * number <= offset <= 8 * number + len(line) + 1
