# SPDX-License-Identifier: Apache-2.0
"""What the native library makes of JSON, in the plain form of `tools/referee.py`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
from referee import ADDED, Tables, Text, plain, with_places

from dlt_java import Source, SourceOptions
from dlt_java.resource import fed

_FIELDS = {field.name for field in dataclasses.fields(SourceOptions)}

# Arrow has fewer types than dlt.
_ARROW_KINDS = {"json": "text", "wei": "decimal"}


def native_tables(options: Mapping[str, Any], texts: Iterable[Text]) -> Tables:
    """The tables of one source that reads JSON texts.

    Args:
        options: Those of a source that concern normalizing; see `docs/reference/options.md`.
        texts: Each a document, an array of records, or JSON Lines.
    """
    given = {name: value for name, value in options.items() if name in _FIELDS - {"requests"}}
    encoded = [text.encode() if isinstance(text, str) else text for text in texts]
    parents: dict[str, str | None] = {}
    parts: dict[str, list[pa.Table]] = {}
    with Source(SourceOptions((), pushed=True, **given)) as source:
        for batch in fed(source, encoded):
            if batch is not None:
                assert parents.setdefault(batch.table, batch.parent_table) == batch.parent_table
                rows = pa.record_batch(batch)
                rows.validate(full=True)
                parts.setdefault(batch.table, []).append(pa.Table.from_batches([rows]))
    known = options.get("tables", {})
    return {
        name: _table(
            pa.concat_tables(parts[name], promote_options="default"),
            parents[name],
            known.get(name, {"columns": {}})["columns"],
        )
        for name in parts
    }


def assert_same_tables(ours: Tables, theirs: Tables, options: Mapping[str, Any]) -> None:
    """Compares tables, parents, columns, types, values and the order of new columns and rows.

    Args:
        ours: From `native_tables`; random ids are replaced in place.
        theirs: From a `Referee`.
        options: Which columns are not new, and whether ids are random.
    """
    assert sorted(ours) == sorted(theirs)
    for name, table in theirs.items():
        known = options.get("tables", {}).get(name)
        kinds = {column: _kind(data_type) for column, data_type in table["columns"].items()}
        if known is None:
            # Otherwise the schema has it, whatever the way to the table was this time.
            assert ours[name]["parent"] == table["parent"], name
        assert ours[name]["columns"] == kinds, name
        assert _new(ours[name], known) == _new(table, known), name
    # From here on in one order.
    ours = {name: _ordered(ours[name], table) for name, table in theirs.items()}
    if options.get("row_id", "random") == "random":
        ours, theirs = with_places(ours), with_places(theirs)
    for name, table in theirs.items():
        assert len(ours[name]["rows"]) == len(table["rows"]), name
        for column, mine, their in zip(table["columns"], _values(ours[name]), _values(table)):
            # Tells 1 from 1.0 and from true, and -0.0 from 0.0.
            assert list(map(repr, mine)) == list(map(repr, their)), f"{name}.{column}"


def _table(rows: pa.Table, parent: str | None, known: Mapping[str, Any]) -> dict[str, Any]:
    kept = [
        field.name
        for field in rows.schema
        # As the referee, who does not see that a column might be there.
        if field.name not in known or rows.column(field.name).null_count < rows.num_rows
    ]
    columns = {name: _data_type(rows.schema.field(name).type) for name in kept}
    values = [[plain(value) for value in rows.column(name).to_pylist()] for name in kept]
    lines = [list(line) for line in zip(*values)] if values else [[] for _ in range(rows.num_rows)]
    return {"parent": parent, "columns": columns, "rows": lines}


def _data_type(kind: pa.DataType) -> str:
    if pa.types.is_decimal(kind):
        return "decimal"
    return {
        pa.string(): "text",
        pa.int64(): "bigint",
        pa.float64(): "double",
        pa.bool_(): "bool",
        pa.timestamp("us", "UTC"): "timestamp",
        pa.date32(): "date",
        pa.time64("us"): "time",
        pa.binary(): "binary",
    }[kind]


def _kind(data_type: str) -> str:
    return _ARROW_KINDS.get(data_type, data_type)


def _new(table: Mapping[str, Any], known: Mapping[str, Any] | None) -> list[str]:
    """Columns whose order is that of the batches; dlt orders those that it knows by itself."""
    names = () if known is None else {*known["columns"], *ADDED}
    return [name for name in table["columns"] if name not in names]


def _ordered(table: Mapping[str, Any], like: Mapping[str, Any]) -> dict[str, Any]:
    """The table with its columns in the order of another's with the same columns."""
    names = list(table["columns"])
    at = [names.index(name) for name in like["columns"]]
    return {
        "parent": table["parent"],
        "columns": {name: table["columns"][name] for name in like["columns"]},
        "rows": [[row[i] for i in at] for row in table["rows"]],
    }


def _values(table: Mapping[str, Any]) -> list[list[Any]]:
    """The values of each column."""
    return [list(column) for column in zip(*table["rows"])]
