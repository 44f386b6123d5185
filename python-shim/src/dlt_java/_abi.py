# SPDX-License-Identifier: Apache-2.0
"""The C interface `dlt_java.h` in ctypes. The only module that touches ctypes.

Every function of the library may be called from any thread, and ctypes lets go of the GIL for each
call, so other Python threads run while the library waits, fetches and decodes.
"""

from __future__ import annotations

import ctypes
import json
from collections.abc import Sequence
from ctypes import POINTER, Structure, byref, c_char, c_char_p, c_int32, c_int64, c_void_p
from typing import Any, ClassVar, NoReturn

import pyarrow as pa

from dlt_java import exceptions
from dlt_java._process import OwnProcess

ABI_VERSION = 1

OK = 0
END = 1
PENDING = 2
QUESTION = 3

_TEXT_BYTES = 65536


class _ArrowSchema(Structure):
    _fields_: ClassVar[Any] = [
        ("format", c_char_p),
        ("name", c_char_p),
        ("metadata", c_void_p),
        ("flags", c_int64),
        ("n_children", c_int64),
        ("children", c_void_p),
        ("dictionary", c_void_p),
        ("release", c_void_p),
        ("private_data", c_void_p),
    ]


class _ArrowArray(Structure):
    _fields_: ClassVar[Any] = [
        ("length", c_int64),
        ("null_count", c_int64),
        ("offset", c_int64),
        ("n_buffers", c_int64),
        ("n_children", c_int64),
        ("buffers", c_void_p),
        ("children", c_void_p),
        ("dictionary", c_void_p),
        ("release", c_void_p),
        ("private_data", c_void_p),
    ]


class _ArrowArrayStream(Structure):
    _fields_: ClassVar[Any] = [
        ("get_schema", c_void_p),
        ("get_next", c_void_p),
        ("get_last_error", c_void_p),
        ("release", c_void_p),
        ("private_data", c_void_p),
    ]


class _Error(Structure):
    _fields_: ClassVar[Any] = [
        ("code", c_int32),
        ("http_status", c_int32),
        ("byte_offset", c_int64),
        ("row", c_int64),
        ("url", c_char * 1024),
        ("column", c_char * 256),
        ("message", c_char * 2048),
    ]


class _Batch(Structure):
    _fields_: ClassVar[Any] = [
        ("struct_size", c_int64),
        # Addresses, because reading a c_char_p field reads the text behind it.
        ("table", c_void_p),
        ("parent_table", c_void_p),
        ("requests_completed", c_int64),
        ("schema", _ArrowSchema),
        ("array", _ArrowArray),
    ]


_PROTOTYPES: dict[str, tuple[Any, list[Any]]] = {
    "dltj_abi_version": (c_int32, []),
    "dltj_version": (c_char_p, []),
    "dltj_source_open": (c_int32, [c_char_p, c_int64, POINTER(c_void_p), POINTER(_Error)]),
    "dltj_source_push": (
        c_int32,
        [c_void_p, POINTER(c_void_p), POINTER(c_int64), c_int64, c_int64, POINTER(_Error)],
    ),
    "dltj_source_next": (c_int32, [c_void_p, c_int64, POINTER(_Batch), POINTER(_Error)]),
    "dltj_source_stream": (c_int32, [c_void_p, POINTER(_ArrowArrayStream), POINTER(_Error)]),
    "dltj_source_statistics": (
        c_int32,
        [c_void_p, c_char_p, c_int64, POINTER(c_int64), POINTER(_Error)],
    ),
    "dltj_source_question": (
        c_int32,
        [c_void_p, c_char_p, c_int64, POINTER(c_int64), POINTER(_Error)],
    ),
    "dltj_source_answer": (c_int32, [c_void_p, c_char_p, c_int64, POINTER(_Error)]),
    "dltj_source_set_auth": (c_int32, [c_void_p, c_char_p, POINTER(_Error)]),
    "dltj_source_cancel": (None, [c_void_p]),
    "dltj_source_close": (None, [c_void_p]),
    "dltj_batch_release": (None, [POINTER(_Batch)]),
    "dltj_live_exports": (c_int64, []),
    "dltj_allocated_bytes": (c_int64, []),
}


class Library:
    """The loaded library: one method a function, errors as exceptions."""

    def __init__(self, path: str) -> None:
        """Loads the library.

        Args:
            path: Absolute path of the library.

        Raises:
            OSError: The file is missing or cannot be loaded.
            AttributeError: The file lacks a function of the interface.
        """
        self._functions = ctypes.CDLL(path)
        for name, (result, arguments) in _PROTOTYPES.items():
            function = getattr(self._functions, name)
            function.restype = result
            function.argtypes = arguments

    def abi_version(self) -> int:
        """The ABI version of the library."""
        return int(self._functions.dltj_abi_version())

    def version(self) -> str:
        """The version of the library, such as `0.1.0`."""
        return bytes(self._functions.dltj_version()).decode()

    def live_exports(self) -> int:
        """Exported schemas and arrays that are not released yet."""
        return int(self._functions.dltj_live_exports())

    def allocated_bytes(self) -> int:
        """Bytes of column and body memory in use."""
        return int(self._functions.dltj_allocated_bytes())

    def open(self, options: str, *, lent: bool = False) -> SourceHandle:
        """Opens a source; fetching starts at once.

        Args:
            options: JSON text.
            lent: Whether the options say `lent`.
        """
        return SourceHandle(self._functions, options.encode(), lent)


class SourceHandle:
    """An open source. Concurrent calls are safe only of `cancel`, `statistics` and `set_auth`."""

    def __init__(self, functions: ctypes.CDLL, options: bytes, lent: bool) -> None:
        self._functions = functions
        # What the library reads where it lies.
        self._lent: list[pa.Buffer] | None = [] if lent else None
        self._process = OwnProcess()
        # Here before the call, so that Ctrl-C right after it loses no source.
        self._handle = c_void_p()
        error = _Error()
        status = functions.dltj_source_open(
            options, len(options), byref(self._handle), byref(error)
        )
        if status != OK:
            _raise(status, error)

    def push(self, texts: Sequence[bytes | pa.Buffer], timeout_milliseconds: int) -> bool:
        """Gives texts to a source of pushed texts, which copies them unless they are lent.

        Args:
            texts: JSON texts; none says that no further text will come.
            timeout_milliseconds: Longest wait for room; 0 waits not at all.

        Returns:
            Whether they were taken; all of them or none.
        """
        count = len(texts)
        buffers = [pa.py_buffer(text) for text in texts]
        if self._lent is not None:
            # Before the call, after which they may be read at any time.
            self._lent += buffers
        error = _Error()
        status = int(
            self._functions.dltj_source_push(
                self._handle,
                (c_void_p * count)(*(buffer.address for buffer in buffers)),
                (c_int64 * count)(*(buffer.size for buffer in buffers)),
                count,
                timeout_milliseconds,
                byref(error),
            )
        )
        if status not in (OK, PENDING):
            _raise(status, error)
        if status == PENDING and self._lent is not None:
            del self._lent[len(self._lent) - count :]
        return status == OK

    def next(self, timeout_milliseconds: int) -> tuple[int, Batch | None]:
        """Takes the next batch.

        Args:
            timeout_milliseconds: Longest wait; 0 waits not at all.

        Returns:
            `OK` and a batch, or `END`, `PENDING` or `QUESTION` and `None`.
        """
        filled = _Batch(struct_size=ctypes.sizeof(_Batch))
        error = _Error()
        # Not left to a finalizer: Python loses a Ctrl-C that comes while one runs.
        try:
            status = int(
                self._functions.dltj_source_next(
                    self._handle, timeout_milliseconds, byref(filled), byref(error)
                )
            )
            if status == OK:
                return status, Batch(filled)
        finally:
            # Most calls fill nothing.
            if filled.table:
                self._functions.dltj_batch_release(byref(filled))
        if status in (END, PENDING, QUESTION):
            return status, None
        _raise(status, error)

    def stream(self) -> Stream:
        """Moves the source into an Arrow stream.

        Raises:
            DltJavaException: Texts are lent to it: the stream could not keep them.
        """
        if self._lent is not None:
            raise exceptions.DltJavaException(
                "A source with the option lent cannot become a stream, which would not keep the"
                " texts: take its batches, or leave the option out."
            )
        stream = Stream()
        error = _Error()
        status = self._functions.dltj_source_stream(
            self._handle, byref(stream._struct), byref(error)
        )
        if status != OK:
            _raise(status, error)
        self._handle = c_void_p()
        return stream

    def question(self) -> dict[str, Any]:
        """What the source asks, after `QUESTION`."""
        return self._json(self._functions.dltj_source_question)

    def answer(self, answer: str) -> None:
        """Answers the question; decoding goes on."""
        text = answer.encode()
        error = _Error()
        status = self._functions.dltj_source_answer(self._handle, text, len(text), byref(error))
        if status != OK:
            _raise(status, error)

    def statistics(self) -> dict[str, Any]:
        """What the source has done so far."""
        return self._json(self._functions.dltj_source_statistics)

    def _json(self, function: Any) -> dict[str, Any]:
        capacity = _TEXT_BYTES
        while True:
            buffer = ctypes.create_string_buffer(capacity)
            length = c_int64()
            error = _Error()
            status = function(self._handle, buffer, capacity, byref(length), byref(error))
            if status != OK:
                _raise(status, error)
            if length.value <= capacity:
                value: dict[str, Any] = json.loads(buffer.raw[: length.value])
                return value
            # It may grow again before the next call, so leave room.
            capacity = 2 * length.value

    def set_auth(self, auth: str) -> None:
        """Replaces what later requests authenticate themselves with.

        Args:
            auth: JSON object of `auth_headers` and `auth_query`.
        """
        error = _Error()
        status = self._functions.dltj_source_set_auth(self._handle, auth.encode(), byref(error))
        if status != OK:
            _raise(status, error)

    def cancel(self) -> None:
        """Stops fetching; a blocked `next` returns soon."""
        # After a fork the handle belongs to the parent process.
        if self._handle and self._process.is_this():
            self._functions.dltj_source_cancel(self._handle)

    def close(self) -> None:
        """Cancels and frees the source; a second call does nothing."""
        handle, self._handle = self._handle, c_void_p()
        if handle and self._process.is_this():
            self._functions.dltj_source_close(handle)
        self._lent = None

    def __del__(self) -> None:
        # A safety net. Attributes are missing if the constructor was interrupted, modules (and with
        # them contextlib.suppress) if the interpreter is exiting.
        try:  # noqa: SIM105
            self.close()
        except (AttributeError, TypeError):
            pass


class Stream:
    """A source as an `ArrowArrayStream`."""

    def __init__(self) -> None:
        self._struct = _ArrowArrayStream()

    def reader(self) -> Any:
        """Moves the stream into a `pyarrow.RecordBatchReader`, and waits for its first batch.

        Its last reference closes the source. To be called once.
        """
        importer: Any = pa.RecordBatchReader
        try:
            return importer._import_from_c(ctypes.addressof(self._struct))
        except (pa.ArrowException, OSError) as failed:
            raise exceptions.DltJavaException(str(failed)) from failed


class Batch:
    """Rows of one table, for any Arrow library, such as `pyarrow.record_batch(batch)`.

    The Arrow structs move to the library that takes them: a second export is refused. They outlive
    the source.

    Attributes:
        table: Name of the table, normalized.
        parent_table: Name of the table it is nested in, `None` for a root table.
        requests_completed: So many requests, in their order, have all rows in this or earlier
            batches.
        num_rows: Rows.
    """

    table: str
    parent_table: str | None
    requests_completed: int
    num_rows: int

    def __init__(self, filled: _Batch) -> None:
        """Moves schema and array out of what the library filled, and copies the rest."""
        parent = filled.parent_table
        self.table = ctypes.string_at(filled.table).decode()
        self.parent_table = ctypes.string_at(parent).decode() if parent else None
        self.requests_completed = filled.requests_completed
        self.num_rows = filled.array.length
        importer: Any = pa.RecordBatch
        # pyarrow frees what was moved to it without Python code, at any time.
        self._rows: pa.RecordBatch | None = importer._import_from_c(
            ctypes.addressof(filled.array), ctypes.addressof(filled.schema)
        )

    def to_pyarrow(self) -> pa.RecordBatch:
        """Moves the rows into a `pyarrow.RecordBatch`, the shortest way there.

        Raises:
            DltJavaException: The batch was exported or released before.
        """
        rows = self._held()
        self._rows = None
        return rows

    def __arrow_c_schema__(self) -> object:
        """The schema in a capsule; the rows stay.

        Raises:
            DltJavaException: The batch was exported or released before.
        """
        return self._held().schema.__arrow_c_schema__()

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        """Moves the schema and the rows into two capsules.

        Args:
            requested_schema: Columns are cast to it, as far as Arrow can.

        Raises:
            DltJavaException: The batch was exported or released before.
        """
        rows: Any = self.to_pyarrow()
        capsules: tuple[object, object] = rows.__arrow_c_array__(requested_schema)
        return capsules

    def release(self) -> None:
        """Frees what was not moved to a consumer; a second call does nothing."""
        self._rows = None

    def _held(self) -> pa.RecordBatch:
        if self._rows is None:
            raise exceptions.DltJavaException(
                f"A batch of `{self.table}` was exported or released before: its memory moves to"
                " one consumer. Keep the consumer's object, such as a pyarrow.RecordBatch."
            )
        return self._rows


def _raise(status: int, error: _Error) -> NoReturn:
    code = error.code or status
    message = error.message.decode("utf-8", "replace") or "The library gave no message."
    raise exceptions.class_for(code)(
        message,
        code=code,
        url=error.url.decode("utf-8", "replace") or None,
        http_status=error.http_status or None,
        byte_offset=error.byte_offset if error.byte_offset >= 0 else None,
        row=error.row if error.row >= 0 else None,
        column=error.column.decode("utf-8", "replace") or None,
    )
