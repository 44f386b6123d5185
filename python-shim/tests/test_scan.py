# SPDX-License-Identifier: Apache-2.0
"""Tables of a source as Arrow streams, read by pyarrow."""

from __future__ import annotations

import gc
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from replica import Replica

from dlt_java import (
    DataException,
    DltJavaException,
    OptionsException,
    Request,
    Scan,
    Source,
    SourceOptions,
    _library,
    scan_json,
    to_arrow,
)

COUNT = 300
RECORDS: list[dict[str, Any]] = [
    {
        "id": i,
        "at": "2024-02-29T10:00:00Z",
        "lines": [{"sku": f"{i}/{n}", "sizes": [n]} for n in range(i % 3)],
        "late": i / 4 if i > 200 else None,
    }
    for i in range(COUNT)
]
TEXT = "\n".join(map(json.dumps, RECORDS)).encode()


def scanned(batch_rows: int = 100, **options: Any) -> Scan:
    """A scan of the records in several batches."""
    schema_length = options.pop("infer_schema_length", None)
    pushed = SourceOptions((), "orders", pushed=True, batch_rows=batch_rows, **options)
    texts = (json.dumps(record).encode() for record in RECORDS)
    return Scan(pushed, texts, infer_schema_length=schema_length)


def read(stream: Any) -> pa.Table:
    table: pa.Table = pa.RecordBatchReader.from_stream(stream).read_all()
    table.validate(full=True)
    return table


def live_bytes() -> int:
    return _library.load().allocated_bytes()


@pytest.mark.parametrize("path", [True, False], ids=["file", "text"])
def test_streams_have_the_tables_that_are_read_at_once(tmp_path: Path, path: bool) -> None:
    file = tmp_path / "orders.jsonl"
    file.write_bytes(TEXT)
    expected = to_arrow(TEXT, "orders")

    with scan_json(file if path else TEXT, "orders") as scan:
        tables = {name: read(stream) for name, stream in scan.tables().items()}

    assert list(tables) == list(expected)
    assert tables == expected


def test_tables_are_read_in_any_order() -> None:
    expected = to_arrow(TEXT, "orders")
    for names in (list(expected), list(reversed(expected))):
        with scanned() as scan:
            for name in names:
                assert read(scan.table(name)) == expected[name], names


def test_ids_of_one_scan_link_its_tables() -> None:
    with scan_json(TEXT, "orders", dlt_columns=True) as scan:
        lines, orders = read(scan.table("orders__lines")), read(scan.table("orders"))

    linked = pc.is_in(lines["_dlt_parent_id"], value_set=orders["_dlt_id"])
    assert pc.all(linked).as_py()


def test_the_scan_is_the_stream_of_its_root_table() -> None:
    with scanned() as scan:
        table = read(scan)

        with pytest.raises(DltJavaException, match="drops other tables"):
            read(scan.table("orders__lines"))

    assert table == to_arrow(TEXT, "orders")["orders"]


def test_a_closed_scan_says_so() -> None:
    with scanned() as scan:
        stream = scan.table("orders__lines")

    with pytest.raises(DltJavaException, match="scan is closed"):
        read(stream)


def test_a_source_of_requests_is_scanned(replica: Replica) -> None:
    request = Request(replica.base_url + "player/hikaru")

    with Scan(SourceOptions([request], "profiles")) as scan:
        assert read(scan)["username"].to_pylist() == ["hikaru"]


def test_rows_before_the_first_value_of_a_column_have_null() -> None:
    with scanned() as scan:
        reader = pa.RecordBatchReader.from_stream(scan)
        batches = list(reader)

    assert len(batches) == 3
    assert all(batch.schema == reader.schema for batch in batches)
    late = pa.Table.from_batches(batches)["late"].to_pylist()
    assert late == [record["late"] for record in RECORDS]


def test_a_column_that_comes_too_late_is_named() -> None:
    with scanned(infer_schema_length=100) as scan:
        reader = pa.RecordBatchReader.from_stream(scan)
        assert reader.schema.names == ["id", "at"]

        with pytest.raises(pa.ArrowInvalid, match=r"\['late'\] of `orders` came after the first"):
            reader.read_all()


@pytest.mark.parametrize(
    ("column", "arrow_type"),
    [
        ({"data_type": "double"}, pa.float64()),
        ({"data_type": "text"}, pa.string()),
        ({"data_type": "decimal"}, pa.decimal128(38, 9)),
        ({"data_type": "decimal", "precision": 50, "scale": 3}, pa.decimal256(50, 3)),
        ({"data_type": "wei"}, pa.decimal128(38, 0)),
    ],
)
def test_columns_that_are_named_need_no_rows(column: dict[str, Any], arrow_type: Any) -> None:
    tables = {"orders": {"columns": {"late": column}}}
    with scanned(infer_schema_length=1, tables=tables) as scan:
        table = read(scan)

    assert table.schema.names == ["late", "id", "at"]
    assert table.schema.field("late").type == arrow_type
    assert table["late"].null_count == 201


@pytest.mark.parametrize(
    "data_type", ["text", "json", "bigint", "double", "bool", "timestamp", "date", "time", "binary"]
)
def test_a_column_that_never_comes_has_its_type(data_type: str) -> None:
    columns = {"it": {"data_type": data_type}}
    values = {
        "bigint": b"1",
        "double": b"0.5",
        "bool": b"true",
        "json": b"{}",
        "timestamp": b'"2024-01-01T00:00:00Z"',
        "date": b'"2024-01-01"',
        "time": b'"10:00:00"',
    }
    record = b'{"it": %s}' % values.get(data_type, b'"YQ=="')

    empty = read(scan_json(b'{"id": 1}', columns=columns))
    filled = read(scan_json(record, columns=columns))

    assert empty.schema.field("it").equals(filled.schema.field("it"), check_metadata=True)
    assert (empty["it"].null_count, filled["it"].null_count) == (1, 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"columns": {"id": {"data_type": "varchar"}}}, "`id` has the data type 'varchar'"),
        ({"infer_schema_length": 0}, "infer_schema_length must be at least 1"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionsException, match=message):
        scan_json(TEXT, **arguments)


def test_no_rows_make_an_empty_stream() -> None:
    assert read(scan_json(b"")).shape == (0, 0)
    assert read(scan_json(b"", columns={"id": {"data_type": "bigint"}})).schema.names == ["id"]


def test_a_table_that_is_not_there_is_named_with_those_that_are() -> None:
    with (
        scanned() as scan,
        pytest.raises(DltJavaException, match=r"no table `line`.*orders__lines"),
    ):
        read(scan.table("line"))


def test_a_stream_is_read_once() -> None:
    with scanned() as scan:
        orders = scan.table("orders")
        waiting = pa.RecordBatchReader.from_stream(orders)
        read(orders)

        with pytest.raises(DltJavaException, match="`orders` was read before"):
            read(orders)
        with pytest.raises(pa.ArrowInvalid, match="`orders` was read before"):
            waiting.read_all()


def test_the_schema_can_be_had_any_number_of_times() -> None:
    with scanned() as scan:
        names = [pa.schema(stream).names for stream in (scan, scan.table("orders"), scan)]  # type: ignore[arg-type]

        assert names == [["id", "at", "late"]] * 3
        assert read(scan).num_rows == COUNT


def test_a_requested_schema_casts() -> None:
    fields: Any = [("id", pa.int32()), ("at", pa.string()), ("late", pa.float32())]
    schema = pa.schema(fields)

    with scanned() as scan:
        table = pa.table(scan, schema=schema)

    assert table.schema == schema


def test_buffers_are_those_of_the_library() -> None:
    """Addresses of the buffers, before the scan and behind a consumer."""
    with scanned() as scan:
        stream = scan.table("orders")
        pa.schema(stream)  # type: ignore[arg-type]  # reads ahead
        made = [batch.column(0) for batch in scan._pass._waiting["orders"]]
        taken = read(stream)["id"].chunks

    assert addresses(taken) == addresses(made)


def addresses(arrays: Any) -> list[Any]:
    return [[buffer and buffer.address for buffer in array.buffers()] for array in arrays]


@pytest.mark.parametrize("part", ["schema", "stream", "batch"])
def test_what_nobody_reads_is_freed(part: str) -> None:
    gc.collect()
    before = live_bytes()
    scan = scanned()
    kept: Any = scan.__arrow_c_schema__() if part == "schema" else scan.__arrow_c_stream__()
    if part == "batch":
        kept = pa.RecordBatchReader.from_stream(scan)
        kept.read_next_batch()
    del scan
    assert live_bytes() > before or part == "schema"

    del kept

    # Without a collection of garbage: the consumer's last reference closes the source.
    assert live_bytes() == before


def test_a_consumer_that_closes_early_closes_the_source(replica: Replica) -> None:
    with scanned() as scan:
        reader = pa.RecordBatchReader.from_stream(scan)
        reader.read_next_batch()
        reader.close()
        del reader

        with pytest.raises(DltJavaException, match="closed"):
            scan._pass._source.statistics()


def test_rows_outlive_scan_and_stream() -> None:
    scan = scanned()
    stream = scan.table("orders")
    table = read(stream)
    scan.close()
    del scan, stream
    gc.collect()

    assert table["id"].to_pylist() == list(range(COUNT))


def test_streams_are_read_by_other_threads() -> None:
    expected = to_arrow(TEXT, "orders")
    found: dict[str, pa.Table] = {}
    with scanned(batch_rows=10) as scan:
        threads = [
            threading.Thread(target=lambda name=name: found.update({name: read(scan.table(name))}))
            for name in expected
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert found == expected


def test_an_error_in_the_data_ends_each_stream() -> None:
    bad = b'{"id": 1, "l": [1]}\n{"id": tru}'
    with scan_json([bad]) as scan:
        for name in ("items", "items__l", "items"):
            with pytest.raises(DataException, match="JSON"):
                read(scan.table(name))


def test_an_error_of_the_callers_iterable_ends_each_stream() -> None:
    def texts() -> Iterator[bytes]:
        yield b'{"id": 1, "l": [1]}'
        raise LookupError("no more")

    with scan_json(texts()) as scan:
        for name in ("items", "items__l"):
            with pytest.raises(LookupError, match="no more"):
                read(scan.table(name))


def source(**options: Any) -> Source:
    made = Source(SourceOptions((), "orders", pushed=True, **options))
    made.push([TEXT])
    made.push([])
    return made


def test_a_source_with_one_table_is_a_stream() -> None:
    table = read(source(max_table_nesting=0))

    assert table["id"].to_pylist() == list(range(COUNT))


def test_the_schema_of_a_source_is_a_copy() -> None:
    made = source(max_table_nesting=0)

    assert pa.schema(made) == pa.schema(made)  # type: ignore[arg-type]
    assert read(made).num_rows == COUNT


def test_a_stream_of_a_source_says_what_does_not_fit_in_it() -> None:
    with pytest.raises(pa.ArrowInvalid, match="'orders__lines' does not continue the stream"):
        read(source())
    with pytest.raises(pa.ArrowInvalid, match="'orders' does not continue the stream"):
        read(source(max_table_nesting=0, batch_rows=100))


def test_a_source_moves_into_one_stream() -> None:
    made = source(max_table_nesting=0)
    read(made)

    for use in (lambda: read(made), lambda: next(made), lambda: pa.schema(made)):  # type: ignore[arg-type]
        with pytest.raises(DltJavaException, match="moved into an Arrow stream"):
            use()
    made.close()


def test_a_source_that_is_read_already_is_no_stream() -> None:
    with source() as made:
        next(made)

        with pytest.raises(DltJavaException, match="batches were taken from this source"):
            read(made)


@pytest.mark.parametrize("way", ["closed", "unread", "early", "schema"])
def test_a_stream_of_a_source_frees_it(way: str) -> None:
    gc.collect()
    before = live_bytes()
    made = source(max_table_nesting=0, batch_rows=100)
    pa.schema(made)  # type: ignore[arg-type]
    assert live_bytes() > before
    if way == "unread":
        made.__arrow_c_stream__()
    elif way == "early":
        reader = pa.RecordBatchReader.from_stream(made)
        reader.read_next_batch()
        reader.close()
        del reader
    elif way == "closed":
        made.close()
    else:
        del made

    # The thread of the decoder lets go in its own time; the fixture waits for it.
    assert _library.load().live_exports() == 0


def test_a_source_that_fails_fails_its_stream() -> None:
    for consume in (pa.schema, read):
        made: Any = Source(SourceOptions((), "rows", file="/nonexistent.json"))
        with pytest.raises(DltJavaException, match=r"^the file cannot be read.*nonexistent\.json"):
            consume(made)


def test_the_schema_of_a_batch_is_a_copy() -> None:
    with source() as made:
        batch = next(made)

    schema = pa.schema(batch)  # type: ignore[arg-type]
    assert schema == pa.schema(batch)  # type: ignore[arg-type]
    assert pa.record_batch(batch).schema == schema


def test_a_capsule_may_go_while_an_exception_is_on_its_way() -> None:
    def failing(export: Any) -> None:
        _kept = export()
        raise LookupError

    with source() as made:
        batch = next(made)
    with scanned() as scan:
        for export in (
            batch.__arrow_c_schema__,
            batch.__arrow_c_array__,
            scan.__arrow_c_stream__,
            source(max_table_nesting=0).__arrow_c_stream__,
        ):
            with pytest.raises(LookupError):
                failing(export)
