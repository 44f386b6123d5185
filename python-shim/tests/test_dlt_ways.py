# SPDX-License-Identifier: Apache-2.0
"""What users do with sources and pipelines of dlt, done with ours and with dlt's own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import dlt
import pyarrow as pa
import pytest
from comparison import assert_equal_schemas, assert_equal_tables

from dlt_java import read_json

Rows = list[dict[str, Any]]

RUNS: list[dict[str, Rows]] = [
    {
        "orders": [
            {
                "id": i,
                "price": i / 4,
                "at": f"2024-01-{i + 1:02}T00:00:00Z",
                "lines": [{"sku": n, "tags": ["x"]} for n in range(i % 3)],
            }
            for i in range(start, start + 10)
        ],
        "people": [{"id": i, "name": f"näme {i}", "a": {"b": i}} for i in range(start, start + 5)],
    }
    for start in (0, 6)
]
RUNS[1]["orders"][4]["late"] = {"column": True}


@dlt.source(name="shop")
def ours(run: dict[str, Rows]) -> Any:
    return [read_json(json.dumps(rows).encode(), name) for name, rows in run.items()]


@dlt.source(name="shop")
def theirs(run: dict[str, Rows]) -> Any:
    return [dlt.resource(in_one_page(rows), name=name) for name, rows in run.items()]


def in_one_page(rows: Rows) -> Iterator[Rows]:
    yield rows


def nothing(source: Any) -> Any:
    return source


def compared(
    folder: Path,
    change: Callable[[Any], Any] = nothing,
    destination: dict[str, Any] | None = None,
    **options: Any,
) -> tuple[dlt.Pipeline, dlt.Pipeline]:
    """Runs twice with both and compares schemas and tables.

    Args:
        folder: For files and state.
        change: Returns the source to run for a source.
        destination: Arguments of the destination.
        **options: Arguments of `pipeline.run`.
    """
    pipelines = []
    for name, source in (("ours", ours), ("theirs", theirs)):
        pipeline = dlt.pipeline(
            name,
            destination=dlt.destinations.duckdb(
                str(folder / f"{name}.duckdb"), **(destination or {})
            ),
            dataset_name="data",
            pipelines_dir=str(folder / "pipelines"),
        )
        for run in RUNS:
            pipeline.run(change(source(run)), **options)
        pipelines.append(pipeline)
    assert_equal_schemas(*pipelines)
    assert_equal_tables(pipelines[0], pipelines[1])
    return pipelines[0], pipelines[1]


def changed(**attributes: Any) -> Callable[[Any], Any]:
    def change(source: Any) -> Any:
        for name, value in attributes.items():
            setattr(source, name, value)
        return source

    return change


def hinted(**hints: Any) -> Callable[[Any], Any]:
    def change(source: Any) -> Any:
        source.orders.apply_hints(**hints)
        return source

    return change


CHANGES: dict[str, Callable[[Any], Any]] = {
    "with_resources": lambda source: source.with_resources("people"),
    "one resource": lambda source: source.orders,
    "add_limit": lambda source: source.add_limit(1),
    "add_limit count_rows": lambda source: source.add_limit(3, count_rows=True),
    "parallelize": lambda source: source.parallelize(),
    "incremental": hinted(incremental=dlt.sources.incremental("at")),
    "table_name": hinted(table_name="renamed"),
    "max_table_nesting": changed(max_table_nesting=1),
    "root_key": changed(root_key=True),
    "contract of the source": changed(schema_contract={"columns": "discard_row"}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_source_loads_what_dlt_loads(tmp_path: Path, change: str) -> None:
    pipeline, _ = compared(tmp_path, CHANGES[change])

    assert pipeline.default_schema.data_table_names()


@pytest.mark.parametrize(
    "options",
    [
        {"write_disposition": "merge", "primary_key": "id"},
        {"loader_file_format": "parquet"},
        {"refresh": "drop_sources"},
        {"refresh": "drop_data"},
        {"schema_contract": {"columns": "discard_value"}},
    ],
    ids=str,
)
def test_options_of_a_run_mean_what_they_mean_to_dlt(
    tmp_path: Path, options: dict[str, Any]
) -> None:
    compared(tmp_path, **options)


def test_staging_datasets_get_the_rows(tmp_path: Path) -> None:
    destination = {"replace_strategy": "insert-from-staging"}

    compared(tmp_path, destination=destination, write_disposition="replace")


def test_dev_mode_loads_into_a_dataset_of_its_own(tmp_path: Path) -> None:
    pipelines = []
    for name, run in (("ours", ours), ("theirs", theirs)):
        pipeline = dlt.pipeline(
            name,
            destination=dlt.destinations.duckdb(str(tmp_path / "dev.duckdb")),
            dataset_name=name,
            pipelines_dir=str(tmp_path / "pipelines"),
            dev_mode=True,
        )
        pipeline.run(run(RUNS[0]))
        pipelines.append(pipeline)

    assert re.fullmatch(r"ours_\d+", str(pipelines[0].dataset_name))
    assert_equal_schemas(*pipelines)
    assert_equal_tables(pipelines[0], pipelines[1])


@pytest.mark.parametrize("both", [True, False])
def test_a_transformer_gets_batches_of_the_root_table(tmp_path: Path, both: bool) -> None:
    orders = ours(RUNS[0]).orders

    @dlt.transformer(data_from=orders, name="ids")
    def ids(batch: Any, meta: Any = None) -> Iterator[Any]:
        # What has meta data is of a child table.
        if isinstance(batch, pa.RecordBatch) and meta is None:
            yield [{"id": number} for number in batch["id"].to_pylist()]

    pipeline = dlt.pipeline(
        "piped",
        destination=dlt.destinations.duckdb(str(tmp_path / "piped.duckdb")),
        pipelines_dir=str(tmp_path / "pipelines"),
    )
    pipeline.run([orders, ids] if both else [ids])

    with pipeline.sql_client() as client:
        assert client.execute_sql("SELECT id FROM ids ORDER BY id") == [(i,) for i in range(10)]
    assert set(pipeline.default_schema.data_table_names()) == {
        "ids",
        *(("orders", "orders__lines", "orders__lines__tags") if both else ()),
    }
