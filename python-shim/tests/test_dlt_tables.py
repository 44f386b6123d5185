"""The glue to dlt's private surface, with batches that pyarrow makes instead of the library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dlt
import pyarrow as pa
import pytest
from comparison import assert_equal_schemas, assert_equal_tables, run_all
from dlt.extract import DltResource

from dlt_java._delivery import TableBatch
from dlt_java._running import RunningResource
from dlt_java.exceptions import OptionsException
from dlt_java.options import Request, SourceOptions
from dlt_java.resource import with_nested_tables

ITEMS: list[dict[str, Any]] = [
    {
        "name": "a",
        "joined": 1389043258,
        "home": {"city": "Oslo", "zip": 150},
        "rating": 1.5,
        "platforms": [{"type": "twitch", "links": ["x", "y"]}, {"type": "kick", "links": []}],
    },
    {"name": "b", "joined": 1389043259, "home": {"city": "Rom"}, "platforms": [], "late": True},
]

UTC = pa.timestamp("us", "UTC")


def dlt_field(name: str, kind: pa.DataType | None = None) -> Any:
    return pa.field(name, kind or pa.string(), nullable=False)


def batches(load_id: str) -> Iterator[list[TableBatch]]:
    """ITEMS as the library delivers them, one root row a batch; ids differ between runs."""
    nested: list[Any] = [
        dlt_field("_dlt_parent_id"),
        dlt_field("_dlt_list_idx", pa.int64()),
        dlt_field("_dlt_id"),
    ]
    first = pa.record_batch(
        [["a"], [1389043258000000], [1.5], ["Oslo"], [150], [load_id], [f"r1 {load_id}"]],
        schema=pa.schema(
            [
                ("name", pa.string()),
                ("joined", UTC),
                ("rating", pa.float64()),
                ("home__city", pa.string()),
                ("home__zip", pa.int64()),
                dlt_field("_dlt_load_id"),
                dlt_field("_dlt_id"),
            ]
        ),
    )
    platforms = pa.record_batch(
        [
            ["twitch", "kick"],
            [f"r1 {load_id}", f"r1 {load_id}"],
            [0, 1],
            [f"p1 {load_id}", f"p2 {load_id}"],
        ],
        schema=pa.schema([pa.field("type", pa.string()), *nested]),
    )
    links = pa.record_batch(
        [
            ["x", "y"],
            [f"p1 {load_id}", f"p1 {load_id}"],
            [0, 1],
            [f"l1 {load_id}", f"l2 {load_id}"],
        ],
        schema=pa.schema([pa.field("value", pa.string()), *nested]),
    )
    yield [
        TableBatch("people", None, first),
        TableBatch("people__platforms", "people", platforms),
        TableBatch("people__platforms__links", "people__platforms", links),
    ]
    second = pa.record_batch(
        [["b"], [1389043259000000], ["Rom"], [load_id], [f"r2 {load_id}"], [True]],
        schema=pa.schema(
            [
                ("name", pa.string()),
                ("joined", UTC),
                ("home__city", pa.string()),
                dlt_field("_dlt_load_id"),
                dlt_field("_dlt_id"),
                ("late", pa.bool_()),
            ]
        ),
    )
    yield [TableBatch("people", None, second)]


def running() -> RunningResource:
    current = RunningResource.current()
    assert current is not None
    return current


def people_from_arrow(**hints: Any) -> DltResource:
    @dlt.resource(name="people", columns={"joined": {"data_type": "timestamp"}}, **hints)
    def people() -> Iterator[Any]:
        resource = running()
        load_id = dlt.current.load_package_state()["load_id"]
        for group in batches(load_id):
            yield resource.item(group)

    resource: DltResource = people()
    return with_nested_tables(resource)


def people_from_json(**hints: Any) -> DltResource:
    @dlt.resource(name="people", columns={"joined": {"data_type": "timestamp"}}, **hints)
    def people() -> Iterator[Any]:
        yield from ITEMS

    resource: DltResource = people()
    return resource


@pytest.mark.parametrize("disposition", ["append", "replace"])
@pytest.mark.parametrize("runs", [1, 2])
def test_tables_equal_those_of_the_json_path(tmp_path: Path, disposition: str, runs: int) -> None:
    hints = {"write_disposition": disposition}
    ours = run_all(tmp_path, "ours", [lambda: people_from_arrow(**hints)] * runs)
    theirs = run_all(tmp_path, "theirs", [lambda: people_from_json(**hints)] * runs)

    assert_equal_schemas(ours, theirs)
    assert_equal_tables(ours, theirs)


def test_a_table_made_from_json_takes_arrow_rows(tmp_path: Path) -> None:
    ours = run_all(tmp_path, "ours", [people_from_json, people_from_arrow])
    theirs = run_all(tmp_path, "theirs", [people_from_json, people_from_json])

    assert_equal_schemas(ours, theirs)
    assert_equal_tables(ours, theirs)


def test_one_source_object_runs_twice(tmp_path: Path) -> None:
    resource = people_from_arrow()

    ours = run_all(tmp_path, "ours", [lambda: resource, lambda: resource])
    theirs = run_all(tmp_path, "theirs", [people_from_json, people_from_json])

    assert_equal_schemas(ours, theirs)
    assert_equal_tables(ours, theirs)


def test_a_limit_keeps_child_rows_with_their_parents(tmp_path: Path) -> None:
    pipeline = run_all(tmp_path, "ours", [lambda: people_from_arrow().add_limit(1)])

    counts = row_counts(pipeline)
    assert counts["people"] == 1
    assert counts["people__platforms"] == 2
    assert counts["people__platforms__links"] == 2


def test_a_filter_drops_child_rows_with_their_parents(tmp_path: Path) -> None:
    def keep(rows: pa.RecordBatch) -> bool:
        return "late" in rows.schema.names

    pipeline = run_all(tmp_path, "ours", [lambda: people_from_arrow().add_filter(keep)])

    counts = row_counts(pipeline)
    assert counts["people"] == 1
    assert "people__platforms" not in counts


def test_nested_hints_act_as_on_json(tmp_path: Path) -> None:
    hints: Any = {
        "platforms": dlt.mark.make_nested_hints(
            columns=[{"name": "type", "data_type": "text", "description": "kind"}]
        ),
        ("platforms", "links"): dlt.mark.make_nested_hints(
            columns=[{"name": "value", "precision": 30}]
        ),
    }
    ours = run_all(tmp_path, "ours", [lambda: people_from_arrow(nested_hints=hints)] * 2)
    theirs = run_all(tmp_path, "theirs", [lambda: people_from_json(nested_hints=hints)] * 2)

    assert_equal_schemas(ours, theirs)
    assert_equal_tables(ours, theirs)


def test_nested_hints_that_part_a_table_from_its_parent_are_refused(tmp_path: Path) -> None:
    hints: Any = {"platforms": dlt.mark.make_nested_hints(primary_key="type")}
    with pytest.raises(Exception, match="nested hints") as raised:
        run_all(tmp_path, "ours", [lambda: people_from_arrow(nested_hints=hints)])
    assert cause(raised.value, OptionsException)


@pytest.mark.parametrize(
    "contract",
    [
        {"tables": "discard_row"},
        {"columns": "discard_value"},
        {"tables": "evolve", "columns": "evolve", "data_type": "freeze"},
    ],
)
def test_schema_contracts_act_as_on_json(tmp_path: Path, contract: Any) -> None:
    ours = run_all(tmp_path, "ours", [lambda: people_from_arrow(schema_contract=contract)])
    theirs = run_all(tmp_path, "theirs", [lambda: people_from_json(schema_contract=contract)])

    assert_equal_tables(ours, theirs)


def test_the_options_tell_what_dlt_knows(tmp_path: Path) -> None:
    seen: list[SourceOptions] = []

    @dlt.resource(
        name="people", columns={"joined": {"data_type": "timestamp"}}, max_table_nesting=3
    )
    def people() -> Iterator[Any]:
        seen.append(running().complete(SourceOptions([Request("http://localhost/")], "x")))
        yield from ITEMS

    run_all(tmp_path, "ours", [people, people])

    first, second = seen
    assert first.table == "people"
    assert first.tables == {"people": {"columns": {"joined": {"data_type": "timestamp"}}}}
    assert first.max_table_nesting == 3
    assert first.column_order in ("document", "scalars_first")
    assert first.load_id is not None
    assert second.load_id != first.load_id
    assert second.tables == {
        "people": {
            "columns": {
                "joined": {"data_type": "timestamp"},
                "name": {"data_type": "text"},
                "rating": {"data_type": "double"},
                "home__city": {"data_type": "text"},
                "home__zip": {"data_type": "bigint"},
                "late": {"data_type": "bool"},
            }
        },
        "people__platforms": {"columns": {"type": {"data_type": "text"}}},
        "people__platforms__links": {
            "columns": {"value": {"data_type": "text"}},
        },
    }


def row_counts(pipeline: dlt.Pipeline) -> dict[str, int]:
    trace: Any = pipeline.last_trace
    counts: dict[str, int] = trace.last_normalize_info.row_counts
    return counts


def cause(error: BaseException | None, kind: type[BaseException]) -> bool:
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__cause__ or error.__context__
    return False
