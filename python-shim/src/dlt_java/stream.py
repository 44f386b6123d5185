# SPDX-License-Identifier: Apache-2.0
"""A source that is being read, batch by batch."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Callable

import pyarrow as pa

from dlt_java import _abi, _library
from dlt_java._abi import Batch
from dlt_java._process import OwnProcess
from dlt_java.exceptions import DltJavaException
from dlt_java.options import SourceOptions

_SLICE_MILLISECONDS = 100
"""Longest time inside the library: Python handles Ctrl-C between two calls."""


_ANSWER_MILLISECONDS = 2
"""How long to wait for the next question after an answer."""


_MOVED = (
    "The source has moved into an Arrow stream, which is read once: keep what the consumer made of"
    " it, or open another source."
)


class Source(Iterator[Batch], AbstractContextManager["Source"]):
    """Batches of a REST API or JSON document, fetched and decoded on the library's own threads.

    Fetching starts with the constructor. Use it as a context manager, and read it by one thread;
    `cancel`, `close`, `set_auth` and `statistics` may be called by others.

    Examples:
        >>> options = SourceOptions([Request("https://example.org/users.json")], "users")
        >>> with Source(options) as source:  # doctest: +SKIP
        ...     for batch in source:
        ...         print(batch.table, batch.to_pyarrow())
    """

    def __init__(
        self, options: SourceOptions, answer: Callable[[dict[str, Any]], str] | None = None
    ) -> None:
        """Opens the source.

        Args:
            options: What to fetch.
            answer: Answers what the source asks, if its options leave something to the caller;
                called by the thread that takes batches.

        Raises:
            OptionsException: The options are not valid.
            LibraryException: The native library is missing or does not fit.
        """
        self._handle = _library.load().open(options.to_json(), lent=bool(options.lent))
        self._answer = answer
        self._process = OwnProcess()
        self._reading = threading.RLock()
        self._freeing = threading.RLock()
        self._closed = False
        # A pyarrow.RecordBatchReader from the first question for a stream to the export.
        self._stream: Any = None
        self._moved = False
        self._logged: deque[dict[str, Any]] = deque(maxlen=options.request_log)
        self.finished = False
        """Whether all batches were taken."""

    def poll(self, timeout_seconds: float = 0.0) -> Batch | None:
        """The next batch, or `None` if none is ready in time or `finished` is set.

        Args:
            timeout_seconds: Longest wait; 0 does not wait.

        Raises:
            DltJavaException: A request failed, or its data is not as expected. The source ends.
        """
        deadline = time.monotonic() + timeout_seconds
        while not self.finished:
            remaining = max(0, round(1000 * (deadline - time.monotonic())))
            batch = self._next(min(remaining, _SLICE_MILLISECONDS))
            if batch is not None or remaining == 0:
                return batch
        return None

    def __next__(self) -> Batch:
        """The next batch, waiting for it."""
        while not self.finished:
            batch = self._next(_SLICE_MILLISECONDS)
            if batch is not None:
                return batch
        raise StopIteration

    def _next(self, timeout_milliseconds: int) -> Batch | None:
        with self._process.own(self._reading):
            self._check_open()
            status, batch = self._handle.next(timeout_milliseconds)
            while status == _abi.QUESTION:
                if self._answer is None:
                    raise DltJavaException("The source asks, and nobody was named to answer.")
                self._handle.answer(self._answer(self._handle.question()))
                # Most likely another name follows at once.
                status, batch = self._handle.next(max(timeout_milliseconds, _ANSWER_MILLISECONDS))
        self.finished = status == _abi.END
        return batch

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Moves a source with one table into a capsule, and waits for its first batch.

        No Python runs while the consumer reads, and no `cancel` reaches it. The first batch fixes
        the columns; a column that comes later, or a second table, ends the stream with an error.
        `Scan` and `scan_json` read such sources.

        Args:
            requested_schema: Columns are cast to it, as far as Arrow can.

        Raises:
            DltJavaException: The source was exported before, batches were taken from it, or it
                failed.
        """
        with self._process.own(self._reading):
            stream = self._as_stream()
            # The capsule alone holds it: one that nobody takes closes the source.
            self._stream = None
            return stream.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        """The schema of the first batch in a capsule, waiting for that batch.

        From here on the source can only be read as a stream.

        Raises:
            DltJavaException: As for `__arrow_c_stream__`.
        """
        with self._process.own(self._reading):
            return self._as_stream().schema.__arrow_c_schema__()

    def _as_stream(self) -> Any:
        if self._stream is None:
            with self._process.own(self._freeing):
                self._check_open()
                self._moved = True
                stream = self._handle.stream()
            self._stream = stream.reader()
        return self._stream

    def push(self, texts: Sequence[bytes | pa.Buffer], timeout_seconds: float = 0.0) -> bool:
        """Gives JSON texts to a source whose options say `pushed`, which copies them unless `lent`.

        Args:
            texts: Each a document, an array of records, or JSON Lines. None at all says that no
                further text will come.
            timeout_seconds: Longest wait for room. Room comes from taking batches.

        Returns:
            Whether they were taken; all of them or none.
        """
        with self._process.own(self._freeing):
            self._check_open()
            return self._handle.push(texts, round(1000 * timeout_seconds))

    def statistics(self) -> dict[str, Any]:
        """Requests, retries, bytes and rows a table, so far."""
        with self._process.own(self._freeing):
            self._check_open()
            statistics = self._handle.statistics()
            # Told once, and not for whoever only counts.
            self._logged.extend(statistics.pop("request_log", ()))
            return statistics

    def logged_requests(self) -> list[dict[str, Any]]:
        """The requests that ended before the latest `statistics`, each told once.

        Only with the option `request_log`; `docs/reference/options.md` lists their members.
        """
        with self._process.own(self._freeing):
            requests = list(self._logged)
            self._logged.clear()
            return requests

    def set_auth(
        self,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> None:
        """Replaces what requests authenticate themselves with, from the next request on.

        Args:
            headers: As `SourceOptions.auth_headers`.
            query: As `SourceOptions.auth_query`.
        """
        auth = {"auth_headers": dict(headers or {}), "auth_query": dict(query or {})}
        with self._process.own(self._freeing):
            self._check_open()
            self._handle.set_auth(json.dumps(auth))

    def cancel(self) -> None:
        """Stops fetching; a thread that waits for a batch gets an exception soon.

        Does nothing in a child of fork, as `close` does: the source is its parent's.
        """
        if self._process.is_this():
            with self._freeing:
                self._handle.cancel()

    def close(self) -> None:
        """Stops fetching and frees the source; batches stay valid. A second call does nothing."""
        if not self._process.is_this():
            return
        self.cancel()
        # A reader in another thread comes out of its wait first.
        with self._reading, self._freeing:
            self._closed = True
            self._stream = None
            self._handle.close()

    def _check_open(self) -> None:
        if self._moved:
            raise DltJavaException(_MOVED)
        if self._closed:
            raise DltJavaException("The source is closed.")

    def __exit__(self, *exception: object) -> None:
        self.close()
