# SPDX-License-Identifier: Apache-2.0
"""The tables of a source as Arrow streams, for any consumer of the Arrow PyCapsule interface."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any

import pyarrow as pa

from dlt_java._process import OwnProcess
from dlt_java.exceptions import DltJavaException, OptionsException
from dlt_java.options import SourceOptions
from dlt_java.resource import Texts, fed
from dlt_java.stream import Source

SCHEMA_ROWS = 100_000
"""Rows that are looked at for columns by default: ten batches, well below a second."""

_ARROW_TYPES = {
    "text": pa.string(),
    "json": pa.string(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "bool": pa.bool_(),
    "timestamp": pa.timestamp("us", "UTC"),
    "date": pa.date32(),
    "time": pa.time64("us"),
    "binary": pa.binary(),
}
_DECIMALS = {"decimal": (38, 9), "wei": (38, 0)}
_DECIMAL128_DIGITS = 38


class Scan(AbstractContextManager["Scan"]):
    """One pass over a source: its tables as streams, each of which is read once.

    `table("orders__lines")` is the stream of one table; batches of other tables wait in memory
    until their streams are read. The scan itself is the stream of the root table alone: what comes
    for other tables is dropped then, so that any amount of data fits.

    A stream has the columns of its first rows, up to `infer_schema_length` of them, and those that
    `tables` of the options name. Rows without a column have null there. A column that comes later
    ends the stream with an error: nothing is left out silently.

    Streams may be read by different threads. Buffers are not copied on their way to the consumer.

    Example:
        >>> with Scan(SourceOptions((), "orders", file="orders.jsonl")) as scan:  # doctest: +SKIP
        ...     frame = polars.DataFrame(scan)
    """

    def __init__(
        self,
        options: SourceOptions,
        texts: Texts | None = None,
        *,
        infer_schema_length: int | None = SCHEMA_ROWS,
    ) -> None:
        """Opens the source; fetching starts at once.

        Args:
            options: What to read.
            texts: What to push into a source whose options say `pushed` or `pieces`.
            infer_schema_length: Rows of a table that are read before its columns are fixed; `None`
                reads all of them first.

        Raises:
            OptionsException: The options are not valid.
        """
        if infer_schema_length is not None and infer_schema_length < 1:
            raise OptionsException(
                "infer_schema_length must be at least 1, or None for all rows, not"
                f" {infer_schema_length}."
            )
        self._root = options.table
        self._pass = _Pass(options, texts, infer_schema_length)

    def table(self, name: str) -> TableStream:
        """The stream of a table.

        Args:
            name: Its normalized name. Whether there is such a table shows when it is read.
        """
        return TableStream(self._pass, name)

    def tables(self) -> dict[str, TableStream]:
        """The streams of all tables by name, the root table first; reads the whole source.

        Raises:
            DltJavaException: The source failed.
        """
        return {name: self.table(name) for name in self._pass.table_names()}

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Moves the rows of the root table into a capsule; other tables are dropped.

        Args:
            requested_schema: Columns are cast to it, as far as Arrow can.

        Raises:
            DltJavaException: As for `TableStream`.
        """
        self._pass.keep_only(self._root)
        return self.table(self._root).__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        """The schema of the root table in a capsule; may be asked for any number of times.

        Raises:
            DltJavaException: The source failed.
        """
        return self.table(self._root).__arrow_c_schema__()

    def close(self) -> None:
        """Stops reading, and frees what no consumer has; a second call does nothing."""
        self._pass.close()

    def __exit__(self, *exception: object) -> None:
        self.close()


class TableStream:
    """The rows of one table of a scan, to be read once by one consumer."""

    def __init__(self, scan: _Pass, table: str) -> None:
        self._pass = scan
        self.table = table
        """Name of the table, normalized."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Moves the rows into a capsule.

        Some consumers ask more than once, first for the schema alone. Whoever takes the first batch
        gets all of them.

        Args:
            requested_schema: Columns are cast to it, as far as Arrow can.

        Raises:
            DltJavaException: Rows were taken before, there is no such table, or the source failed.
        """
        schema = self._pass.schema(self.table)
        self._pass.check_unread(self.table)
        reader: Any = pa.RecordBatchReader.from_batches(schema, self._pass.rows(self.table))
        return reader.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        """The schema in a capsule; may be asked for any number of times.

        Raises:
            DltJavaException: There is no such table, or the source failed.
        """
        return self._pass.schema(self.table).__arrow_c_schema__()


class _Pass:
    """What the streams of a scan share.

    They refer to it and it to none of them, so that the source closes with the last of them.
    """

    def __init__(
        self,
        options: SourceOptions,
        texts: Texts | None,
        schema_rows: int | None,
    ) -> None:
        self._root = options.table
        self._schema_rows = schema_rows
        self._declared = {
            table: [_field(name, column) for name, column in known["columns"].items()]
            for table, known in (options.tables or {}).items()
        }
        self._source = Source(options)
        self._batches = iter(self._source if texts is None else fed(self._source, texts))
        self._process = OwnProcess()
        self._lock = threading.RLock()
        self._only: str | None = None
        self._waiting: dict[str, deque[pa.RecordBatch]] = {self._root: deque()}
        self._schemas: dict[str, pa.Schema] = {}
        self._readers: dict[str, object] = {}
        self._ended = False
        self._error: BaseException | None = None

    def table_names(self) -> list[str]:
        with self._process.own(self._lock):
            while self._read():
                continue
            self._raise_error()
            return list(self._waiting)

    def keep_only(self, table: str) -> None:
        with self._process.own(self._lock):
            self._only = table
            self._waiting = {table: self._waiting[table]}

    def schema(self, table: str) -> pa.Schema:
        with self._process.own(self._lock):
            if self._only not in (None, table):
                raise DltJavaException(
                    f"The scan was exported itself, as the stream of `{self._only}` alone, which"
                    " drops other tables: export `scan.table(...)` for each table instead."
                )
            if table not in self._schemas:
                self._schemas[table] = self._first_schema(table)
            return self._schemas[table]

    def check_unread(self, table: str, reader: object = None) -> None:
        if self._readers.get(table, reader) is not reader:
            raise DltJavaException(
                f"The stream of `{table}` was read before: its memory moves to one consumer. Keep"
                " what the consumer made of it, or scan the data again."
            )

    def rows(self, table: str) -> Iterator[pa.RecordBatch]:
        reader = object()
        try:
            while True:
                with self._process.own(self._lock):
                    self.check_unread(table, reader)
                    self._readers[table] = reader
                    while not self._waiting.get(table) and self._read():
                        continue
                    if not self._waiting.get(table):
                        self._raise_error()
                        return
                    batch = self._waiting[table].popleft()
                yield self._completed(batch, table)
        finally:
            if self._only == table and self._readers.get(table) is reader:
                # Nobody else needs the source.
                self.close()

    def close(self) -> None:
        self._source.close()
        if not self._process.is_this():
            return
        with self._lock:
            self._ended = True
            self._error = DltJavaException(
                "The scan is closed: read its streams before, inside of its `with` block."
            )
            for batches in self._waiting.values():
                batches.clear()

    def _read(self) -> bool:
        """Reads a batch, if there is one, and puts it where it waits for its stream."""
        if self._ended:
            return False
        try:
            batch = next(self._batches)
        except StopIteration:
            self._end(None)
            return False
        except BaseException as error:
            # Each stream has to tell, not only the one that came upon it.
            self._end(error)
            return False
        if batch is not None and self._only in (None, batch.table):
            self._waiting.setdefault(batch.table, deque()).append(batch.to_pyarrow())
        return True

    def _end(self, error: BaseException | None) -> None:
        self._ended = True
        self._error = error
        self._source.close()

    def _raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    def _first_schema(self, table: str) -> pa.Schema:
        fields = {field.name: field for field in self._declared.get(table, ())}
        limit = self._schema_rows
        # Not those that come while another table is read, however many: order must not matter.
        rows = seen = 0
        while limit is None or rows < limit:
            waiting = self._waiting.get(table, ())
            if seen == len(waiting):
                if self._read():
                    continue
                break
            batch = waiting[seen]
            seen += 1
            rows += batch.num_rows
            fields.update({field.name: field for field in batch.schema})
        if table not in self._waiting or not seen:
            self._raise_error()
        if table not in self._waiting:
            raise DltJavaException(
                f"There is no table `{table}`; the tables are {list(self._waiting)}. Names are"
                " normalized, such as `orders__lines` for the list `lines` of `orders`."
            )
        return pa.schema(list(fields.values()))

    def _completed(self, batch: pa.RecordBatch, table: str) -> pa.RecordBatch:
        schema = self._schemas[table]
        names = set(batch.schema.names)
        late = names.difference(schema.names)
        if late:
            raise DltJavaException(
                f"The columns {sorted(late)} of `{table}` came after the first"
                f" {self._schema_rows} rows, when the columns of the stream were fixed. Pass"
                " `columns` with their types, a larger infer_schema_length, or None for all rows."
            )
        columns = [
            batch.column(field.name)
            if field.name in names
            else pa.nulls(batch.num_rows, field.type)
            for field in schema
        ]
        return pa.RecordBatch.from_arrays(columns, schema=schema)


def _field(name: str, column: Mapping[str, Any]) -> Any:
    """The field of a column that was named before it came."""
    data_type = column["data_type"]
    if data_type in _DECIMALS:
        precision, scale = _DECIMALS[data_type]
        precision = column.get("precision", precision)
        wide = precision > _DECIMAL128_DIGITS
        decimal = pa.decimal256 if wide else pa.decimal128
        return pa.field(name, decimal(precision, column.get("scale", scale)))
    if data_type not in _ARROW_TYPES:
        known = ", ".join([*_ARROW_TYPES, *_DECIMALS])
        raise OptionsException(
            f"The column `{name}` has the data type {data_type!r}; dlt's types are {known}."
        )
    metadata = {"dlt.data_type": "json"} if data_type == "json" else None
    return pa.field(name, _ARROW_TYPES[data_type], metadata=metadata)
