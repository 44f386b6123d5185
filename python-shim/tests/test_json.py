# SPDX-License-Identifier: Apache-2.0
"""JSON of any origin, compared with what dlt makes of the same records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import dlt
import pyarrow as pa
import pytest
from comparison import assert_equal_schemas, assert_equal_tables, run_all
from dlt.common.normalizers.utils import DLT_ID_LENGTH_BYTES
from dlt.common.utils import digest128

from dlt_java import DataException, OptionsException, Source, SourceOptions, read_json, to_arrow
from dlt_java.resource import fed

RECORDS: list[dict[str, Any]] = [
    {
        "id": i,
        "userName": f"user {i}",
        "score": i / 4 if i % 3 else i,
        "at": f"2024-01-{i % 28 + 1:02}T10:00:00+02:00",
        "home": {"city": "Zürich", "geo": {"lat": 47.4, "lon": 8.5}},
        "tags": ["a", None, "b"][: i % 4],
        "orders": [{"nr": n, "lines": [{"sku": "x", "n": n}] * n} for n in range(i % 3)],
        "mixed": [i, str(i), {"deep": [i]}],
        "late": True if i > 150 else None,
    }
    for i in range(200)
]

TEXT = json.dumps(RECORDS).encode()
LINES = "\n".join(map(json.dumps, RECORDS)).encode()


def read_by_each_way(tmp_path: Path) -> Iterator[Any]:
    path = tmp_path / "records.jsonl"
    path.write_bytes(LINES)
    yield TEXT
    yield LINES
    yield bytearray(TEXT)
    yield path
    yield str(path)
    yield (json.dumps(record).encode() for record in RECORDS)
    yield [TEXT[:-1] + b"]", b"", b"  \n"]


def test_every_way_to_bring_json_gives_the_same_tables(tmp_path: Path) -> None:
    expected = to_arrow(TEXT)
    assert expected["items"].num_rows == len(RECORDS)
    assert next(iter(expected)) == "items"
    assert sorted(expected) == [
        "items",
        "items__mixed",
        "items__mixed__deep",
        "items__orders",
        "items__orders__lines",
        "items__tags",
    ]
    for data in read_by_each_way(tmp_path):
        tables = to_arrow(data)
        assert tables == expected
        for table in tables.values():
            table.validate(full=True)


@pytest.mark.parametrize("disposition", ["append", "replace"])
def test_dlt_loads_what_it_would_load_itself(tmp_path: Path, disposition: Any) -> None:
    hints = {"name": "items", "write_disposition": disposition}
    ours = run_all(tmp_path, "ours", [lambda: read_json(LINES, **hints)] * 2)
    theirs = run_all(tmp_path, "theirs", [lambda: dlt.resource(RECORDS, **hints)] * 2)

    assert_equal_schemas(ours, theirs)
    assert_equal_tables(ours, theirs)


@pytest.mark.parametrize("nesting", [0, 1, 2])
def test_nesting_ends_where_dlt_ends_it(tmp_path: Path, nesting: int) -> None:
    hints: dict[str, Any] = {"name": "items", "max_table_nesting": nesting}
    ours = run_all(tmp_path, "ours", [lambda: read_json(LINES, **hints)] * 2)
    theirs = run_all(tmp_path, "theirs", [lambda: dlt.resource(RECORDS, **hints)] * 2)

    assert_equal_schemas(ours, theirs)
    assert_equal_tables(ours, theirs)


def test_a_table_keeps_its_parent_when_other_lists_go_there(tmp_path: Path) -> None:
    # A path of its own leads to `t__x__list`, then that of the list in a list is there already.
    runs = [[{"x": [[1]]}], [{"x": {"list": [2, 3]}}], [{"x": [[4]]}, {"x": {"list": [5]}}]]
    theirs: list[Any] = [partial(dlt.resource, run, name="t") for run in runs]
    ours: list[Any] = [partial(read_json, json.dumps(run).encode(), "t") for run in runs]
    expected = run_all(tmp_path, "theirs", theirs)
    actual = run_all(tmp_path, "ours", ours)
    assert_equal_tables(actual, expected)
    assert_equal_schemas(actual, expected)


def test_hints_are_those_of_a_resource() -> None:
    resource = read_json(
        TEXT,
        "people",
        write_disposition="replace",
        columns={"id": {"data_type": "text"}},
        table_name="persons",
    )
    assert resource.name == "people"
    schema = resource.compute_table_schema()
    assert schema["name"] == "persons"
    assert schema["write_disposition"] == "replace"
    assert schema["columns"]["id"]["data_type"] == "text"


def test_dlt_columns_link_children_to_parents() -> None:
    tables = to_arrow(TEXT, "myItems", dlt_columns=True)
    ids = set(tables["my_items"]["_dlt_id"].to_pylist())
    assert len(ids) == len(RECORDS)
    assert set(tables["my_items__orders"]["_dlt_parent_id"].to_pylist()) <= ids


def test_nesting_ends_in_json() -> None:
    tables = to_arrow(b'{"a": {"b": [1, {"c": "\xc3\xbc"}]}}', max_table_nesting=0)
    assert tables["items"].to_pylist() == [{"a": '{"b":[1,{"c":"\u00fc"}]}'}]


def test_tables_are_arrow_streams() -> None:
    table = to_arrow(TEXT)["items"]
    assert pa.RecordBatchReader.from_stream(table).read_all().num_rows == len(RECORDS)


def test_no_records_make_no_tables() -> None:
    assert to_arrow(b"[]") == {}
    assert to_arrow(b"") == {}
    assert to_arrow([]) == {}


def test_more_texts_than_fit_into_the_queue_at_once() -> None:
    text = b"[" + b",".join([b'{"x": "%s"}' % (b"y" * 1000)] * 1000) + b"]"
    assert to_arrow([text] * 30)["items"].num_rows == 30_000


def test_a_bad_line_is_named() -> None:
    with pytest.raises(DataException, match="line 3") as caught:
        to_arrow(b'{"a": 1}\n{"a": 2}\n{"a": }\n')
    assert caught.value.row == 2
    with pytest.raises(DataException) as caught:
        to_arrow([b'{"a": 1}', b'{"a": \xff}'])
    assert caught.value.url == "text 1"
    assert caught.value.byte_offset == 6


def test_a_text_is_not_continued_by_the_next() -> None:
    with pytest.raises(DataException, match="cut off"):
        to_arrow([b"[1, 2", b", 3]"])


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OptionsException, match="cannot be read"):
        to_arrow(tmp_path / "nothing.json")


def test_an_iterable_that_fails_ends_the_run() -> None:
    def texts() -> Iterator[bytes]:
        yield b"[1]"
        raise RuntimeError("broker is gone")

    with pytest.raises(RuntimeError, match="broker is gone"):
        to_arrow(texts())


def test_ids_of_elements_are_dlts_hashes_of_parent_table_and_position() -> None:
    long_name = "l" * 200
    records = [
        {"a": list(range(i)), long_name: [[0] * (i % 5)], "o": [{"own": [i]}]} for i in range(100)
    ]
    tables: dict[str, list[dict[str, Any]]] = {}
    texts = [json.dumps(records).encode()]
    with Source(SourceOptions((), "t", load_id="1", pushed=True)) as source:
        for batch in fed(source, texts):
            if batch is not None:
                tables.setdefault(batch.table, []).extend(pa.record_batch(batch).to_pylist())

    checked = 0
    for name, rows in tables.items():
        for row in rows:
            if "_dlt_parent_id" in row:
                text = f"{row['_dlt_parent_id']}_{name}_{row['_dlt_list_idx']}"
                assert row["_dlt_id"] == digest128(text, DLT_ID_LENGTH_BYTES)
                checked += 1
    assert checked == sum(range(100)) + 100 + sum(i % 5 for i in range(100)) + 200
    assert len({row["_dlt_id"] for row in tables["t"]}) == 100


def test_extreme_documents_are_read_whole() -> None:
    long_text = 'é"\n\u0001x' * 3_000_000
    deep: Any = 1
    for level in range(300):
        deep = {f"k{level}": deep} if level % 3 else [deep, {"x": level}]
    wide = {f"key_{i}{'n' * (i % 40)}": [i, str(i), None, i / 7][i % 4] for i in range(900)}
    records = [{"s": long_text, "deep": deep}, wide, {"s": "short", **wide}]

    tables = to_arrow(json.dumps(records).encode(), max_table_nesting=0)

    items = tables["items"]
    items.validate(full=True)
    assert items.column("s").to_pylist() == [long_text, None, "short"]
    assert json.loads(items.column("deep")[0].as_py()) == deep
    assert items.num_columns == 2 + sum(value is not None for value in wide.values())
    for key, value in wide.items():
        if value is not None:
            assert items.column(key).to_pylist() == [None, value, value]
