# SPDX-License-Identifier: Apache-2.0
"""Loads into each destination, compared with dlt's own path there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import deltalake
import dlt
import psycopg2
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from comparison import assert_equal_schemas
from dlt.common.libs.pyiceberg import get_iceberg_tables
from postgres import running_postgres

from dlt_java import read_json

# Of pyiceberg, when it replaces a table that has no rows yet.
pytestmark = pytest.mark.filterwarnings("ignore:Delete operation did not match any records")

Tables = dict[str, pa.Table]

RUNS: list[list[dict[str, Any]]] = [
    [
        {
            "id": i,
            "name": f"näme {i}",
            "at": f"2024-03-{i + 1:02}T10:00:00.5+02:00",
            "score": i / 4,
            "big": 2**40 + i,
            "open": i % 2 == 0,
            "home": {"city": "Zürich"},
            "lines": [{"sku": f"{i}/{n}", "tags": ["x", "y"]} for n in range(i % 3)],
            "mixed": i if i % 2 else str(i) + "th",
        }
        for i in range(start, start + 12)
    ]
    for start in (0, 6)
]
"""The second run has some of the first run's records, and new ones."""

HINTS: list[dict[str, Any]] = [
    {"write_disposition": "append"},
    {"write_disposition": "replace"},
    {"write_disposition": "merge", "primary_key": "id"},
]
_ID_COLUMNS = ("_dlt_id", "_dlt_parent_id", "_dlt_root_id", "_dlt_load_id")


def resource(name: str, rows: list[dict[str, Any]], **hints: Any) -> Any:
    if name == "ours":
        return read_json(json.dumps(rows).encode(), "orders", **hints)
    return dlt.resource(rows, name="orders", **hints)


def load(folder: Path, name: str, destination: Any, options: Any, **hints: Any) -> dlt.Pipeline:
    """Two runs by one of the two paths; the second brings a new column where dlt allows it."""
    upsert = options.get("table_format") == "iceberg" and hints["write_disposition"] == "merge"
    pipeline = dlt.pipeline(
        name, destination=destination, dataset_name=name, pipelines_dir=str(folder / "pipelines")
    )
    for number, rows in enumerate(RUNS):
        if number == 1 and not upsert:
            rows = [*rows, {"id": 99, "new": {"column": True}}]
        pipeline.run(resource(name, rows, **hints), **options)
    return pipeline


def comparable(tables: Tables) -> dict[str, Any]:
    """Columns with their types, and rows with their places in place of random ids."""
    places: dict[str, Any] = {}
    found = {}
    for name in sorted(tables, key=lambda table: table.count("__")):
        rows = []
        for row in tables[name].to_pylist():
            parent = places.get(row.get("_dlt_parent_id", ""), ())
            own = {key: value for key, value in row.items() if key not in _ID_COLUMNS}
            places[row["_dlt_id"]] = (*parent, *map(repr, own.values()))
            rows.append(places[row["_dlt_id"]])
        found[name] = (tables[name].schema.remove_metadata(), sorted(rows))
    return found


def assert_equal(ours: dlt.Pipeline, theirs: dlt.Pipeline, read: Any) -> None:
    assert_equal_schemas(ours, theirs)
    actual, expected = comparable(read(ours)), comparable(read(theirs))
    assert list(actual) == list(expected) == ["orders", "orders__lines", "orders__lines__tags"]
    for table in expected:
        assert actual[table][0] == expected[table][0], table
        assert actual[table][1] == expected[table][1], table


def names(pipeline: dlt.Pipeline) -> list[str]:
    return [str(table["name"]) for table in pipeline.default_schema.data_tables()]


def in_parquet(pipeline: dlt.Pipeline) -> Tables:
    folder = files(pipeline)
    return {
        name: pa.concat_tables(
            [pq.read_table(file) for file in sorted((folder / name).glob("*.parquet"))],
            promote_options="default",
        )
        for name in names(pipeline)
    }


def in_delta(pipeline: dlt.Pipeline) -> Tables:
    return {
        name: pa.table(deltalake.DeltaTable(files(pipeline) / name).to_pyarrow_table())
        for name in names(pipeline)
    }


def in_iceberg(pipeline: dlt.Pipeline) -> Tables:
    tables = get_iceberg_tables(pipeline)
    return {name: pa.table(tables[name].scan().to_arrow()) for name in names(pipeline)}


def files(pipeline: dlt.Pipeline) -> Path:
    client: Any = pipeline.destination_client()
    return Path(client.dataset_path)


FORMATS: dict[str, Any] = {
    "parquet": (in_parquet, {"loader_file_format": "parquet"}),
    "delta": (in_delta, {"table_format": "delta"}),
    "iceberg": (in_iceberg, {"table_format": "iceberg"}),
}


@pytest.mark.parametrize("hints", HINTS, ids=lambda hints: str(hints["write_disposition"]))
@pytest.mark.parametrize("table_format", FORMATS)
def test_a_filesystem_gets_what_dlt_writes(
    tmp_path: Path, table_format: str, hints: dict[str, Any]
) -> None:
    read, options = FORMATS[table_format]
    destination = dlt.destinations.filesystem((tmp_path / "lake").as_uri())

    ours = load(tmp_path, "ours", destination, options, **hints)
    theirs = load(tmp_path, "theirs", destination, options, **hints)

    assert_equal(ours, theirs, read)


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with running_postgres() as url:
        yield url


def in_postgres(pipeline: dlt.Pipeline) -> Tables:
    with pipeline.sql_client() as client:
        return {
            name: _fetched(client, f"SELECT * FROM {client.make_qualified_table_name(name)}")
            for name in names(pipeline)
        }


def _fetched(client: Any, query: str) -> pa.Table:
    with client.execute_query(query) as cursor:
        return pa.table(cursor.arrow())


@pytest.mark.parametrize(
    ("hints", "strategy"),
    [
        (HINTS[0], "truncate-and-insert"),
        (HINTS[1], "truncate-and-insert"),
        (HINTS[1], "insert-from-staging"),
        (HINTS[1], "staging-optimized"),
        (HINTS[2], "truncate-and-insert"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["write_disposition"],
)
def test_postgres_gets_what_dlt_loads(
    tmp_path: Path, postgres: str, hints: dict[str, Any], strategy: Any
) -> None:
    destination = dlt.destinations.postgres(postgres, replace_strategy=strategy)
    drop_datasets(postgres)

    ours = load(tmp_path, "ours", destination, {}, **hints)
    theirs = load(tmp_path, "theirs", destination, {}, **hints)

    assert_equal(ours, theirs, in_postgres)
    assert columns(postgres, "ours") == columns(postgres, "theirs")


def drop_datasets(url: str) -> None:
    for name in ("ours", "theirs"):
        for schema in (name, f"{name}_staging"):
            execute(url, f"DROP SCHEMA IF EXISTS {schema} CASCADE")


def columns(url: str, dataset: str) -> list[Any]:
    return execute(
        url,
        "SELECT table_name, column_name, data_type, is_nullable, numeric_precision,"
        f" datetime_precision FROM information_schema.columns WHERE table_schema = '{dataset}'"
        " ORDER BY table_name, ordinal_position",
    )


def execute(url: str, statement: str) -> list[Any]:
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()
