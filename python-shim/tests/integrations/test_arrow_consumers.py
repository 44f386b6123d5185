# SPDX-License-Identifier: Apache-2.0
"""Libraries that take Arrow streams, each with the line that a user writes."""

from __future__ import annotations

import gc
import json
import threading
from pathlib import Path
from typing import Any, Callable

import daft
import datafusion
import deltalake
import duckdb
import lancedb
import nanoarrow
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from dlt_java import DltJavaException, Scan, Source, SourceOptions, _library, scan_json

COUNT = 2_500
BATCH_ROWS = 1_000
ROWS: dict[str, list[dict[str, Any]]] = {
    "orders": [{"id": i, "name": f"näme {i}", "late": i > 2_000 or None} for i in range(COUNT)],
    "orders__lines": [{"n": i} for i in range(COUNT)],
}
TEXTS = [
    json.dumps({**order, "lines": [line]}).encode()
    for order, line in zip(ROWS["orders"], ROWS["orders__lines"])
]

Address = int
Consumer = Callable[[Any], Any]


def scanned(batch_rows: int = BATCH_ROWS) -> Scan:
    """Three batches, as a rule; the last column comes in the third."""
    options = SourceOptions((), "orders", pushed=True, batch_rows=batch_rows)
    return Scan(options, TEXTS)


def in_duckdb(stream: Any, end: str = "") -> pa.Table:
    # DuckDB finds the variable by its name.
    relation: Any = duckdb.sql(f"SELECT * FROM stream {end}")
    return pa.table(relation.to_arrow_table())


def in_pandas(frame: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(frame, preserve_index=False)


def in_nanoarrow(stream: nanoarrow.ArrayStream) -> pa.Table:
    return pa.table(stream.read_all())


def in_delta(stream: Any, folder: Path) -> pa.Table:
    deltalake.write_deltalake(folder / "orders", stream)
    return pa.table(deltalake.DeltaTable(folder / "orders").to_pyarrow_table())


def in_lance(stream: Any, folder: Path) -> pa.Table:
    database = lancedb.connect(folder)
    table = database.create_table("orders", pa.RecordBatchReader.from_stream(stream))
    return pa.table(table.to_arrow())


CONSUMERS: dict[str, Consumer] = {
    "pyarrow": pa.table,
    "pyarrow reader": lambda stream: pa.RecordBatchReader.from_stream(stream).read_all(),
    "polars": lambda stream: pl.DataFrame(stream).to_arrow(),
    "duckdb": lambda stream: duckdb.from_arrow(stream).to_arrow_table(),
    "duckdb variable": lambda stream: in_duckdb(stream),
    "datafusion": lambda stream: datafusion.SessionContext().from_arrow(stream).to_arrow_table(),
    "daft": lambda stream: daft.from_arrow(pa.table(stream)).to_arrow(),
    "pandas": lambda stream: in_pandas(pd.DataFrame.from_arrow(stream)),
    "nanoarrow": lambda stream: in_nanoarrow(nanoarrow.ArrayStream(stream)),
}


@pytest.mark.parametrize("name", CONSUMERS)
@pytest.mark.parametrize("table", [None, "orders__lines"])
def test_each_consumer_gets_the_rows(name: str, table: str | None) -> None:
    with scanned() as scan:
        consumed = CONSUMERS[name](scan if table is None else scan.table(table))

    expected = ROWS[table or "orders"]
    assert consumed.column_names == list(expected[0])
    assert consumed.to_pylist() == expected


@pytest.mark.parametrize("write", [in_delta, in_lance])
def test_tables_on_disk_get_the_rows(
    write: Callable[[Any, Path], pa.Table], tmp_path: Path
) -> None:
    with scanned() as scan:
        written = write(scan, tmp_path)

    rows = sorted(written.to_pylist(), key=lambda row: int(row["id"]))
    assert rows == ROWS["orders"]


@pytest.mark.parametrize("name", CONSUMERS)
def test_each_consumer_reads_a_source_itself(name: str) -> None:
    source = Source(SourceOptions((), "orders", pushed=True, max_table_nesting=0))
    source.push(TEXTS)
    source.push([])

    assert CONSUMERS[name](source)["id"].to_pylist() == list(range(COUNT))


def of_arrow(column: Any) -> list[Address]:
    return [chunk.buffers()[1].address for chunk in column.chunks]


def of_nanoarrow(stream: Any) -> list[Address]:
    batches = iter(nanoarrow.c_array_stream(stream))
    return [batch.child(0).buffers[1] for batch in batches]


ZERO_COPY: dict[str, Callable[[Any], list[Address]]] = {
    "pyarrow": lambda stream: of_arrow(pa.table(stream)["id"]),
    "polars": lambda stream: [
        address
        for chunk in pl.DataFrame(stream)["id"].get_chunks()
        for address in of_arrow(pa.chunked_array([chunk.to_arrow()]))
    ],
    "datafusion": lambda stream: [
        batch.column(0).buffers()[1].address
        for batch in datafusion.SessionContext().from_arrow(stream).collect()
    ],
    "daft": lambda stream: of_arrow(daft.from_arrow(pa.table(stream)).to_arrow()["id"]),
    "pandas": lambda stream: of_arrow(
        pa.chunked_array(pa.table(stream).to_pandas(types_mapper=pd.ArrowDtype)["id"])
    ),
    "nanoarrow": of_nanoarrow,
}


@pytest.mark.parametrize("name", ZERO_COPY)
def test_buffers_are_the_librarys_own(name: str) -> None:
    # In one batch, because some consumers gather small ones.
    with scanned(COUNT) as scan:
        pa.schema(scan)  # type: ignore[arg-type]  # reads ahead
        rows = pa.Table.from_batches(scan._pass._waiting["orders"])

        assert ZERO_COPY[name](scan) == of_arrow(rows["id"])


EARLY: dict[str, Callable[[Any], object]] = {
    "duckdb": lambda stream: in_duckdb(stream, "LIMIT 1"),
    "datafusion": lambda stream: datafusion.SessionContext().from_arrow(stream).limit(1).collect(),
    "nanoarrow": lambda stream: next(iter(nanoarrow.c_array_stream(stream))),
    "pyarrow": lambda stream: pa.RecordBatchReader.from_stream(stream).read_next_batch(),
    "nobody": lambda stream: stream.__arrow_c_stream__(),
}


@pytest.mark.parametrize("name", EARLY)
def test_a_consumer_that_stops_early_leaves_nothing(name: str) -> None:
    gc.collect()
    library = _library.load()
    before = library.live_exports(), library.allocated_bytes()

    consumed: Any = EARLY[name](scanned())
    del consumed
    gc.collect()

    assert (library.live_exports(), library.allocated_bytes()) == before


@pytest.mark.parametrize("name", CONSUMERS)
def test_another_thread_consumes(name: str) -> None:
    found: list[int] = []
    with scanned() as scan:
        thread = threading.Thread(target=lambda: found.append(CONSUMERS[name](scan).num_rows))
        thread.start()
        thread.join()

    assert found == [COUNT]


@pytest.mark.parametrize("name", CONSUMERS)
def test_a_second_consumer_is_told(name: str) -> None:
    with scanned() as scan:
        orders = scan.table("orders")
        CONSUMERS[name](orders)

        with pytest.raises(DltJavaException, match="`orders` was read before") as raised:
            orders.__arrow_c_stream__()
    assert "scan the data again" in str(raised.value)


@pytest.mark.parametrize("name", CONSUMERS)
def test_an_error_in_the_data_reaches_the_user(name: str) -> None:
    # DataFusion keeps to itself why it did not get a stream.
    message = "Expected either" if name == "datafusion" else "line 2: expected 'true', found '}'"

    with pytest.raises(Exception, match=message):
        CONSUMERS[name](scan_json(b'{"id": 1}\n{"id": tru}'))


@pytest.mark.parametrize("name", CONSUMERS)
def test_an_error_behind_the_first_batch_reaches_the_user(name: str) -> None:
    options = SourceOptions((), "orders", pushed=True, batch_rows=BATCH_ROWS)
    with (
        Scan(options, TEXTS, infer_schema_length=BATCH_ROWS) as scan,
        pytest.raises(Exception) as raised,
    ):
        CONSUMERS[name](scan)

    assert "['late'] of `orders` came after the first 1000 rows" in str(raised.value)
