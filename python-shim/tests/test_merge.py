# SPDX-License-Identifier: Apache-2.0
"""Write dispositions with nested tables, compared with what dlt makes of the same records."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dlt
import pytest
from comparison import assert_equal_schemas, assert_equal_tables, run_all

from dlt_java import read_json

Rows = list[dict[str, Any]]

FIRST: Rows = [
    {
        "id": 1,
        "shopId": "a",
        "name": "x",
        "lines": [{"sku": "p", "tags": ["r", "s"]}, {"sku": "q"}],
    },
    {"id": 2, "shopId": "a", "name": "y", "lines": [{"sku": "r"}]},
    {"id": 3, "shopId": "b", "name": "z", "lines": []},
]
SECOND: Rows = [
    {"id": 1, "shopId": "a", "name": "X", "lines": [{"sku": "t"}]},
    {"id": 3, "shopId": "b", "name": "z", "lines": [{"sku": "u", "tags": ["v"]}]},
    {"id": 4, "shopId": "b", "name": "w", "lines": [{"sku": "p"}]},
]

DISPOSITIONS: list[tuple[Any, Any]] = [
    ("replace", None),
    ("append", "id"),
    ("merge", "id"),
    ("merge", ["id", "shopId"]),
    ({"disposition": "merge", "strategy": "upsert"}, "id"),
    ({"disposition": "merge", "strategy": "upsert"}, ["shopId", "id"]),
    ({"disposition": "merge", "strategy": "insert-only"}, "id"),
    ({"disposition": "merge", "strategy": "scd2"}, None),
]


def load(folder: Path, name: str, natively: bool, runs: Sequence[Rows], **hints: Any) -> Any:
    def resource(rows: Rows) -> Any:
        if natively:
            return read_json(json.dumps(rows).encode(), "orders", **hints)
        return dlt.resource(rows, name="orders", **hints)

    return run_all(folder, name, [functools.partial(resource, rows) for rows in runs])


@pytest.mark.parametrize(("disposition", "key"), DISPOSITIONS, ids=str)
def test_nested_tables_merge_as_in_dlt(tmp_path: Path, disposition: Any, key: Any) -> None:
    hints: dict[str, Any] = {"write_disposition": disposition}
    if key is not None:
        hints["primary_key"] = key
    ours = load(tmp_path, "ours", True, [FIRST, SECOND, SECOND], **hints)
    theirs = load(tmp_path, "theirs", False, [FIRST, SECOND, SECOND], **hints)

    assert_equal_schemas(ours, theirs)
    # When a version of a row begins and ends is the time of its load.
    times = frozenset({"_dlt_valid_from", "_dlt_valid_to"})
    assert_equal_tables(ours, theirs, times)


def test_ids_made_from_keys_equal_those_of_dlt(tmp_path: Path) -> None:
    hints: dict[str, Any] = {
        "write_disposition": {"disposition": "merge", "strategy": "upsert"},
        "primary_key": ["id", "shopId"],
    }
    ids = [
        sorted(
            row[0]
            for table in ("orders", "orders__lines", "orders__lines__tags")
            for row in pipeline_rows(load(tmp_path, name, name == "ours", [FIRST], **hints), table)
        )
        for name in ("ours", "theirs")
    ]
    assert ids[0] == ids[1]


def pipeline_rows(pipeline: dlt.Pipeline, table: str) -> list[Any]:
    with pipeline.sql_client() as client:
        return list(client.execute_sql(f"SELECT _dlt_id FROM {table}") or [])
