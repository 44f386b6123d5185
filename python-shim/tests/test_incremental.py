# SPDX-License-Identifier: Apache-2.0
"""`dlt.sources.incremental` on resources of ours, compared with dlt's own over several runs."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import dlt
import pytest
from comparison import assert_equal_schemas, assert_equal_tables, run_all
from dlt.extract.incremental.exceptions import IncrementalCursorPathMissing

from dlt_java import read_json

Rows = list[dict[str, Any]]


def row(number: int, day: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "updatedAt": f"2024-01-{day:02d}T00:00:00Z",
        "meta": {"version": number, "seen at": day},
        "lines": [{"sku": f"s{number}", "tags": ["x", "y"]}],
        **more,
    }


RUNS: list[Rows] = [
    [row(1, 1, late=1), row(2, 3), row(3, 2)],
    [row(2, 3), row(3, 2, gone=True), row(4, 3), row(5, 4)],
    [row(5, 4), row(6, 4), row(7, 9, late=1)],
]


def load(folder: Path, name: str, runs: Sequence[Rows], cursor: Any, **hints: Any) -> dlt.Pipeline:
    def resource(rows: Rows) -> Any:
        if name == "ours":
            made = read_json(json.dumps(rows).encode(), "orders", **hints)
        else:
            made = dlt.resource(in_one_page(rows), name="orders", **hints)
        return made.apply_hints(incremental=dlt.sources.incremental(**cursor))

    return run_all(folder, name, [functools.partial(resource, rows) for rows in runs])


def in_one_page(rows: Rows) -> Iterator[Rows]:
    yield rows


CURSORS: list[dict[str, Any]] = [
    {"cursor_path": "updatedAt"},
    {"cursor_path": "updatedAt", "initial_value": "2024-01-02T00:00:00Z"},
    {"cursor_path": "updatedAt", "range_start": "open"},
    {
        "cursor_path": "updatedAt",
        "initial_value": "2024-01-01T00:00:00Z",
        "end_value": "2024-01-04T00:00:00Z",
    },
    {"cursor_path": "meta.version"},
    {"cursor_path": "meta['seen at']", "initial_value": 2},
    {"cursor_path": "id", "last_value_func": min},
    {"cursor_path": "id", "last_value_func": lambda values: max(values)},
    {"cursor_path": "lines[0].sku"},
    {"cursor_path": "late", "on_cursor_value_missing": "include"},
    {"cursor_path": "late", "on_cursor_value_missing": "exclude"},
    {"cursor_path": "id", "lag": 2},
    {"cursor_path": "id", "row_order": "desc"},
]


@pytest.mark.parametrize("cursor", CURSORS, ids=str)
@pytest.mark.parametrize("key", [None, "id"])
def test_rows_and_state_equal_those_of_dlt(
    tmp_path: Path, cursor: dict[str, Any], key: Any
) -> None:
    hints = {} if key is None else {"primary_key": key}
    ours, theirs = (load(tmp_path, name, RUNS, cursor, **hints) for name in ("ours", "theirs"))

    assert_equal_schemas(ours, theirs)
    assert_equal_tables(ours, theirs)
    assert incremental_state(ours) == incremental_state(theirs)


def test_a_run_of_ours_goes_on_where_one_of_dlt_ended(tmp_path: Path) -> None:
    def resource(rows: Rows, natively: bool) -> Any:
        made = (
            read_json(json.dumps(rows).encode(), "orders")
            if natively
            else dlt.resource(in_one_page(rows), name="orders")
        )
        return made.apply_hints(incremental=dlt.sources.incremental("updatedAt"))

    mixed = run_all(
        tmp_path,
        "mixed",
        [functools.partial(resource, rows, index != 1) for index, rows in enumerate(RUNS)],
    )
    theirs = load(tmp_path, "theirs", RUNS, {"cursor_path": "updatedAt"})

    assert_equal_tables(mixed, theirs)


def test_a_missing_cursor_raises_what_dlt_raises(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="late") as raised:
        load(tmp_path, "ours", RUNS, {"cursor_path": "later"})
    error: BaseException | None = raised.value
    while error is not None and not isinstance(error, IncrementalCursorPathMissing):
        error = error.__cause__ or error.__context__
    assert error is not None


def test_filters_in_front_of_the_cursor_count(tmp_path: Path) -> None:
    def keep(rows: Any) -> Any:
        return rows.filter([number != 5 for number in rows["id"].to_pylist()])

    resource = read_json(json.dumps(RUNS[1]).encode(), "orders").add_map(keep)
    resource.apply_hints(incremental=dlt.sources.incremental("updatedAt"))
    pipeline = run_all(tmp_path, "ours", [lambda: resource])

    (state,) = incremental_state(pipeline).values()
    assert state["last_value"] == "2024-01-03T00:00:00Z"
    with pipeline.sql_client() as client:
        rows = client.execute_sql("SELECT sku FROM orders__lines ORDER BY sku")
    assert rows == [("s2",), ("s3",), ("s4",)]


def incremental_state(pipeline: dlt.Pipeline) -> dict[str, Any]:
    sources: Any = pipeline.state.get("sources")
    if sources is None:
        # A range with an end leaves nothing behind.
        return {}
    (source,) = sources.values()
    found: dict[str, Any] = source["resources"]["orders"]["incremental"]
    for state in found.values():
        state["unique_hashes"] = sorted(state["unique_hashes"])
    return found
