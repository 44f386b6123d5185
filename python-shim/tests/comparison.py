"""Compares what two pipelines loaded into DuckDB."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import dlt

_ID_COLUMNS = {"_dlt_id", "_dlt_parent_id", "_dlt_root_id", "_dlt_load_id"}


def run_all(folder: Path, name: str, resources: list[Callable[[], Any]]) -> dlt.Pipeline:
    """Runs resources one after the other into a DuckDB file in the folder.

    Args:
        folder: For the file and the pipeline's state.
        name: Of the pipeline.
        resources: Make the resource of each run.
    """
    pipeline = dlt.pipeline(
        name,
        destination=dlt.destinations.duckdb(str(folder / f"{name}.duckdb")),
        dataset_name="data",
        pipelines_dir=str(folder / "pipelines"),
    )
    for resource in resources:
        pipeline.run(resource())
    return pipeline


def schema_tables(pipeline: dlt.Pipeline) -> dict[str, Any]:
    """The data tables of the pipeline's schema, with all hints."""
    return {str(table["name"]): table for table in pipeline.default_schema.data_tables()}


def assert_equal_schemas(ours: dlt.Pipeline, theirs: dlt.Pipeline) -> None:
    """Compares all data tables of the schemas with all hints, one by one for a short message."""
    actual, expected = schema_tables(ours), schema_tables(theirs)
    assert sorted(actual) == sorted(expected)
    for table in expected:
        assert list(actual[table]["columns"]) == list(expected[table]["columns"]), table
        for column in expected[table]["columns"]:
            assert actual[table]["columns"][column] == expected[table]["columns"][column], table
        assert actual[table] == expected[table]


def assert_equal_tables(
    ours: dlt.Pipeline, theirs: dlt.Pipeline, ignored: frozenset[str] = frozenset()
) -> None:
    """Compares columns, types, nullability and rows of all data tables.

    Args:
        ours: One pipeline.
        theirs: The other.
        ignored: Columns whose values differ between two runs by nature.
    """
    expected = _tables(theirs, ignored)
    actual = _tables(ours, ignored)
    assert sorted(actual) == sorted(expected)
    for table in expected:
        assert actual[table]["columns"] == expected[table]["columns"], table
        assert len(actual[table]["rows"]) == len(expected[table]["rows"]), table
        assert actual[table]["rows"] == expected[table]["rows"], table


def _tables(pipeline: dlt.Pipeline, ignored: frozenset[str]) -> dict[str, dict[str, Any]]:
    schema = pipeline.default_schema
    found: dict[str, dict[str, Any]] = {}
    with pipeline.sql_client() as client:
        existing = {
            row[0]
            for row in client.execute_sql(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = %s",
                client.dataset_name,
            )
            or []
        }
        # The random ids of rows are replaced by where the rows are: the chain of positions up to
        # the root row, and the root row's own values.
        places: dict[str, list[str]] = {}
        for table in schema.data_tables():
            name = str(table["name"])
            if name not in existing:
                continue
            columns = (
                client.execute_sql(
                    "SELECT column_name, data_type, is_nullable FROM information_schema.columns"
                    " WHERE table_schema = %s AND table_name = %s ORDER BY ordinal_position",
                    client.dataset_name,
                    name,
                )
                or []
            )
            names = [column[0] for column in columns]
            rows = [
                dict(zip(names, row)) for row in client.execute_sql(f'SELECT * FROM "{name}"') or []
            ]
            comparable = []
            for row in rows:
                values = [
                    # Insert statements of older versions of dlt lose the sign of a zero.
                    repr(value + 0.0 if isinstance(value, float) else value)
                    for column, value in row.items()
                    if column not in _ID_COLUMNS and column not in ignored
                ]
                if "parent" in table:
                    # Lists in other tables may have brought rows too.
                    values = [*places[row["_dlt_parent_id"]], *values]
                comparable.append(values)
            assert len({row["_dlt_id"] for row in rows}) == len(rows), f"ids in `{name}`"
            places.update((row["_dlt_id"], values) for row, values in zip(rows, comparable))
            found[name] = {"columns": columns, "rows": sorted(comparable)}
    return found
