# SPDX-License-Identifier: Apache-2.0
"""The rows of a dlt resource, fetched and decoded natively."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Generator, Iterable, Iterator
from typing import Any, Callable, Union

import pyarrow as pa

from dlt_java._abi import Batch
from dlt_java._delivery import TableBatch, with_nested_tables
from dlt_java._observation import log_options, observed
from dlt_java._running import RunningResource, raise_if_signalled
from dlt_java._settings import http_options
from dlt_java.options import SourceOptions
from dlt_java.stream import Source

__all__ = ["column_values", "rows", "with_nested_tables"]

Texts = Iterable[Union[bytes, memoryview, pa.Buffer]]
"""What is pushed into a source, text by text."""


def rows(
    options: SourceOptions,
    completed: Callable[[int], None] | None = None,
    texts: Texts | None = None,
) -> Iterator[Any]:
    """Yields the rows of a source from inside a function with `@dlt.resource`.

    Items are `pyarrow.RecordBatch`es of the root table, with the batches of its child tables; pass
    the resource through `with_nested_tables`. While nothing has arrived it yields `None`, on which
    dlt turns to other resources.

    Args:
        options: What to fetch. The table, the load id and all that dlt's schema, configuration and
            run decide are filled in.
        completed: Called with the number of requests whose rows all are in this or earlier items,
            before the item is yielded.
        texts: What to push into a source whose options say `pushed` or `pieces`.
    """
    if _is_empty(options):
        return
    running = RunningResource.current()
    if running is not None:
        options = running.complete(options)
    empty = True
    answer = None if running is None else running.answer
    for group in grouped(_polled(options, texts, answer)):
        if group is None:
            yield None
            continue
        empty = False
        done = len(options.requests) if group.is_last else group.requests_completed
        yield from _items(running, group.batches, done, completed)
    if empty:
        yield from _items(running, [], len(options.requests), completed)


def column_values(options: SourceOptions, column: str) -> Generator[None, None, list[Any]]:
    """Returns all values of a column of the root table; use it with `yield from`.

    Args:
        options: What to fetch.
        column: Name of the column. Batches without it count as empty.
    """
    values: list[Any] = []
    if _is_empty(options):
        return values
    for batch in _polled(options):
        if batch is None:
            yield None
        else:
            fetched = batch.to_pyarrow()
            if column in fetched.schema.names:
                values.extend(fetched.column(column).to_pylist())
    return values


@dataclasses.dataclass(frozen=True)
class Group:
    """A batch of the root table and the batches nested in it.

    Attributes:
        batches: The root table's batch first.
        requests_completed: So many requests have all rows in this or earlier groups.
        is_last: Whether no other group follows.
    """

    batches: list[TableBatch]
    requests_completed: int
    is_last: bool


def grouped(batches: Iterable[Batch | None]) -> Iterator[Group | None]:
    """Puts batches of child tables together with their root table's; passes `None` on.

    Args:
        batches: As a source delivers them, `None` where none was ready.
    """
    group: list[TableBatch] = []
    completed = 0
    for batch in batches:
        if batch is None:
            yield None
            continue
        if batch.parent_table is None and group:
            yield Group(group, completed, is_last=False)
            group = []
        completed = batch.requests_completed
        group.append(TableBatch(batch.table, batch.parent_table, batch.to_pyarrow()))
    if group:
        yield Group(group, completed, is_last=True)


def polled(source: Source) -> Iterator[Batch | None]:
    """The batches of a source, and `None` while none is ready; never waits.

    Args:
        source: An open source.
    """
    while not source.finished:
        raise_if_signalled()
        # No wait here: dlt sleeps between two rounds over its resources.
        batch = source.poll()
        if batch is not None or not source.finished:
            yield batch


def _is_empty(options: SourceOptions) -> bool:
    without_texts = options.file is None and not options.pushed and not options.pieces
    return without_texts and not options.requests


def _polled(
    options: SourceOptions,
    texts: Texts | None = None,
    answer: Callable[[dict[str, Any]], str] | None = None,
) -> Iterator[Batch | None]:
    urls = [request.url for request in options.requests]
    options = options.with_defaults(**http_options(urls), **log_options())
    with Source(options, answer) as source:
        batches = polled(source) if texts is None else fed(source, texts)
        yield from observed(batches, source)


def fed(source: Source, texts: Texts) -> Iterator[Batch | None]:
    """The batches of a source into which texts are pushed, and `None` while none is ready.

    Args:
        source: A source whose options say `pushed` or `pieces`.
        texts: What to push.
    """
    feeder = Feeder(source, texts)
    while not source.finished:
        raise_if_signalled()
        feeder.feed()
        batch = source.poll()
        until = time.monotonic() + _FEEDING_SECONDS
        while batch is None and not source.finished and time.monotonic() < until:
            # Whoever gets `None` sleeps before it asks again, and so would the decoder.
            if feeder.finished:
                batch = source.poll(_FEEDING_SECONDS)
            else:
                feeder.wait()
                batch = source.poll()
        if batch is not None or not source.finished:
            yield batch


_FEEDING_SECONDS = 0.05
"""Longest time without a sign of life, in which dlt does not turn to other resources."""


_WAIT_SECONDS = 0.002
"""About what the decoder needs for a push."""


class Feeder:
    """Pushes texts into a source as far as it has room for them."""

    PUSH_BYTES = 1 << 20
    """Small texts travel together; a call into the library costs more than a short text."""

    def __init__(self, source: Source, texts: Texts) -> None:
        """Feeds nothing yet.

        Args:
            source: A source whose options say `pushed` or `pieces`.
            texts: What to push.
        """
        self._source = source
        self._texts = iter(texts)
        self._waiting: list[bytes | pa.Buffer] = []
        self.finished = False
        """Whether all texts are pushed."""

    def feed(self) -> None:
        """Pushes until the source has no room or all texts are pushed; never waits for room."""
        while self._push(0.0):
            continue

    def wait(self) -> None:
        """Waits a moment for room."""
        if self._push(_WAIT_SECONDS):
            self.feed()

    def _push(self, timeout_seconds: float) -> bool:
        if self.finished:
            return False
        exhausted = not self._waiting and not self._gather()
        if not self._source.push(self._waiting, timeout_seconds):
            return False
        self._waiting = []
        self.finished = exhausted
        return True

    def _gather(self) -> bool:
        size = 0
        for text in self._texts:
            # Who yields a view may write to what it shows before the next one.
            self._waiting.append(text if isinstance(text, (bytes, pa.Buffer)) else bytes(text))
            size += len(text)
            if size >= self.PUSH_BYTES:
                break
        return bool(self._waiting)


def _items(
    running: RunningResource | None,
    batches: list[TableBatch],
    done: int,
    completed: Callable[[int], None] | None,
) -> Iterator[Any]:
    # Before the item, because a limit ends the generator when it has seen the last one.
    if completed is not None:
        completed(done)
    if not batches:
        # dlt enters an empty list into its schema as it does when a JSON API has no records.
        yield []
    elif running is None:
        yield from (batch.rows for batch in batches)
    else:
        yield running.item(batches)
