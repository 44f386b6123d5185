# SPDX-License-Identifier: Apache-2.0
"""JSON of any origin: into dlt as a resource, or into Arrow tables without dlt."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Union

import dlt
import pyarrow as pa
from dlt.common.normalizers.naming.snake_case import NamingConvention
from dlt.extract import DltResource

from dlt_java._transformations import Transformations, check
from dlt_java.options import SourceOptions
from dlt_java.resource import Feeder, Texts, fed, rows, with_nested_tables
from dlt_java.scan import SCHEMA_ROWS, Scan
from dlt_java.stream import Source

JsonData = Union[bytes, bytearray, memoryview, str, "os.PathLike[str]", Iterable[bytes]]
"""JSON text, the path of a file with it, or several texts, such as the values of Kafka messages."""


def read_json(
    data: JsonData,
    name: str = "items",
    *,
    transformations: Transformations | None = None,
    **hints: Any,
) -> DltResource:
    """A dlt resource of the records in JSON text, decoded and normalized natively.

    Each text holds a document, an array of records, or JSON Lines. Objects become rows, lists in
    them child tables, as dlt itself makes them.

    Args:
        data: JSON text in UTF-8, the path of a file with it, or an iterable of texts. An iterable
            is read while the resource is, so it may be as long as it likes.
        name: Name of the resource, and of its table unless the hints name another.
        transformations: Steps that each record goes through before it becomes rows, in order; see
            docs/how-to/transformations.md.
        **hints: Keyword arguments of `dlt.resource`, such as `write_disposition` and `columns`.

    Examples:
        >>> pipeline.run(read_json(b'[{"id": 1, "tags": ["a", "b"]}]', "posts"))  # doctest: +SKIP
    """
    check(transformations, name)

    def records() -> Iterator[Any]:
        yield from rows(_options(data, name, transformations), texts=_texts(data))

    return with_nested_tables(dlt.resource(records, name=name, **hints))


def to_arrow(
    data: JsonData,
    name: str = "items",
    *,
    dlt_columns: bool = False,
    max_table_nesting: int | None = None,
    transformations: Transformations | None = None,
) -> dict[str, pa.Table]:
    """The tables that dlt would make of JSON text, without dlt.

    Args:
        data: As in `read_json`.
        name: Name of the root table.
        dlt_columns: Whether tables get dlt's own columns, which link child rows to their parents.
        max_table_nesting: How deep child tables go before values stay JSON text; all the way if
            absent.
        transformations: As in `read_json`.

    Returns:
        Table name to table, the root table first. Tables without rows are left out. Each offers
        `__arrow_c_stream__`.
    """
    table = NamingConvention().normalize_tables_path(name)
    options = _options(data, table, transformations).with_defaults(
        max_table_nesting=max_table_nesting,
        load_id=str(time.time()) if dlt_columns else None,
    )
    batches: dict[str, list[pa.RecordBatch]] = {}
    texts = _texts(data)
    with Source(options) as source:
        for batch in source if texts is None else fed(source, texts):
            if batch is not None:
                batches.setdefault(batch.table, []).append(batch.to_pyarrow())
    # Columns join a table when their first value comes: earlier batches lack them.
    return {
        table: pa.concat_tables(
            [pa.Table.from_batches([part]) for part in parts], promote_options="default"
        )
        for table, parts in batches.items()
    }


def scan_json(
    data: JsonData,
    name: str = "items",
    *,
    columns: Mapping[str, Mapping[str, Any]] | None = None,
    dlt_columns: bool = False,
    max_table_nesting: int | None = None,
    infer_schema_length: int | None = SCHEMA_ROWS,
    transformations: Transformations | None = None,
) -> Scan:
    """The tables of JSON text as Arrow streams, for Polars, DuckDB and all that takes them.

    The scan is the stream of the root table, its `table(…)` that of any other. Data of any size
    pass through in batches, other than with `to_arrow`.

    Args:
        data: As in `read_json`.
        name: Name of the root table.
        columns: Columns of the root table that are known: normalized name to `data_type` and, for
            decimals, `precision` and `scale`, as dlt writes them. They come first.
        dlt_columns: As in `to_arrow`.
        max_table_nesting: As in `to_arrow`.
        infer_schema_length: Rows of a table that are read before its columns are fixed; `None`
            reads all of them first.
        transformations: As in `read_json`.

    Raises:
        OptionsException: A type is not one of dlt's, or the number is none.

    Example:
        >>> polars.DataFrame(scan_json("orders.jsonl", "orders"))  # doctest: +SKIP
    """
    check(transformations, name)
    table = NamingConvention().normalize_tables_path(name)
    options = _options(data, table, transformations).with_defaults(
        max_table_nesting=max_table_nesting,
        load_id=str(time.time()) if dlt_columns else None,
        tables=None if columns is None else {table: {"columns": dict(columns)}},
    )
    return Scan(options, _texts(data), infer_schema_length=infer_schema_length)


def _options(data: JsonData, table: str, transformations: Transformations | None) -> SourceOptions:
    if isinstance(data, (str, os.PathLike)):
        options = SourceOptions((), table, file=os.fspath(data))
    elif isinstance(data, (bytes, bytearray, memoryview)):
        options = SourceOptions((), table, pieces=True, lent=True)
    else:
        options = SourceOptions((), table, pushed=True)
    return options.with_defaults(transformations=transformations)


def _texts(data: JsonData) -> Texts | None:
    if isinstance(data, (str, os.PathLike)):
        return None
    if isinstance(data, (bytes, bytearray, memoryview)):
        return _pieces(pa.py_buffer(data))
    return data


def _pieces(text: pa.Buffer) -> Iterator[pa.Buffer]:
    for start in range(0, text.size, Feeder.PUSH_BYTES):
        yield text[start : start + Feeder.PUSH_BYTES]
