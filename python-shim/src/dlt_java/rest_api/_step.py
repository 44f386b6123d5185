# SPDX-License-Identifier: Apache-2.0
"""The step that each resource of this package has in its pipe, and what one run of it knows.

It is the last step, where `WithNestedTables` takes items apart. dlt binds steps anew for each run,
so a bound step is the place for what lasts as long as the run.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from dlt.common import logger
from dlt.common.schema.detections import is_iso_timestamp
from dlt.extract.incremental import Incremental, IncrementalResourceWrapper
from dlt.extract.state import get_current_pipe

from dlt_java._dlt_tables import ForkPipe, RunningResource, WithNestedTables
from dlt_java.exceptions import DltJavaException, OptionsException
from dlt_java.options import SourceOptions
from dlt_java.rest_api._fields import FieldColumns, Fields
from dlt_java.rest_api._native import NotNative
from dlt_java.rest_api._statistics import EndpointStatistics

_ORDERED = (min, max)


class RestApiStep(WithNestedTables):
    """Takes items apart, and decides whether a run reads its endpoint natively.

    Attributes:
        name: Name of the resource.
        client_options: Options of sources that the caller gave.
        parent_fields: What a dependent resource needs of its parent's rows; `None` for others.
        statistics: What the resource has done, over all runs.
        waiting: Parent rows that wait for the run's source to end.
        is_fetching: Whether the run has a source open.
    """

    def __init__(
        self, name: str, client_options: dict[str, Any], parent_fields: Fields | None
    ) -> None:
        super().__init__()
        self.client_options = client_options
        self.parent_fields = parent_fields
        self.statistics = EndpointStatistics()
        self.name = name
        self._start_run()

    def _start_run(self) -> None:
        self.waiting: list[dict[str, Any]] = []
        self.is_fetching = False
        self._pipe: Any = None
        self._running: RunningResource | None = None
        self._columns: FieldColumns | None = None
        self._undelivered = 0

    @classmethod
    def current(cls) -> RestApiStep:
        """The step of the pipe that runs."""
        pipe: Any = get_current_pipe()
        for step in pipe.steps:
            if isinstance(step, cls):
                return step
        raise DltJavaException("A REST API resource lacks its last step. Leave its pipe's steps.")

    def bind(self, pipe: Any) -> RestApiStep:
        """The step for one run.

        Args:
            pipe: The run's own pipe, with all its steps and forks.
        """
        bound = copy.copy(self)
        bound._start_run()
        bound._pipe = pipe
        return bound

    def __call__(self, item: Any, meta: Any = None) -> Any:
        """Takes an item apart, and counts it until dlt has written all of it."""
        parts = super().__call__(item, meta)
        if not isinstance(parts, Iterator):
            return parts
        self._undelivered += 1
        return self._delivered(parts)

    def _delivered(self, parts: Iterator[Any]) -> Iterator[Any]:
        yield from parts
        self._undelivered -= 1

    @property
    def has_delivered(self) -> bool:
        """Whether dlt has written all items, so that its schema knows their types."""
        return self._undelivered == 0

    def running(self) -> RunningResource:
        """What dlt knows of the run.

        Raises:
            NotNative: The run needs rows as dictionaries.
        """
        if self._running is None:
            try:
                running = RunningResource.current()
                if running is None or not running.is_of(self._pipe):
                    raise NotNative("it is iterated outside of a pipeline's run")
                self._columns = self._needed_columns(running)
            except OptionsException as unsupported:
                raise NotNative(str(unsupported)) from unsupported
            self._running = running
        return self._running

    def complete(self, options: SourceOptions) -> SourceOptions:
        """The options with all that the run decides.

        Args:
            options: Of the endpoint.
        """
        try:
            return self.running().complete(options)
        except OptionsException as unsupported:
            raise NotNative(str(unsupported)) from unsupported

    @property
    def columns(self) -> FieldColumns:
        """The columns that somebody reads back from the run's batches."""
        assert self._columns is not None
        return self._columns

    def is_parent(self) -> bool:
        """Whether dependent resources get the run's items."""
        return any(True for _ in self._forks())

    def explain(self, reason: NotNative) -> None:
        """Says once a resource why dlt's own client reads it.

        Args:
            reason: Why.
        """
        if self.statistics.reason != str(reason):
            self.statistics.reason = str(reason)
            logger.info(f"dlt's own client reads `{self.name}`: {reason}")

    def parent(self) -> RestApiStep | None:
        """The step of the parent's pipe, `None` if the parent is no resource of this package."""
        steps = self._pipe.parent.steps if self._pipe is not None and self._pipe.parent else []
        return next((step for step in steps if isinstance(step, RestApiStep)), None)

    def _needed_columns(self, running: RunningResource) -> FieldColumns:
        fields: list[Fields] = []
        for index, step in enumerate(self._pipe.steps):
            if index == self._pipe._gen_idx or isinstance(step, (RestApiStep, ForkPipe)):
                continue
            if not isinstance(step, (Incremental, IncrementalResourceWrapper)):
                raise NotNative(f"its rows pass through a `{type(step).__name__}`")
            incremental = getattr(step, "_incremental", step)
            if isinstance(incremental, Incremental):
                fields.append(_incremental_fields(incremental, running.naming))
        for child in self._forks():
            fields.append(child)
        columns = FieldColumns(fields, running.naming)
        columns.check_types(*running.root_columns())
        return columns

    def _forks(self) -> Iterator[Fields]:
        for fork in self._pipe.steps:
            if not isinstance(fork, ForkPipe):
                continue
            for pipe, _ in fork._pipes:
                if pipe is self._pipe:
                    # Its own way to its table.
                    continue
                step = next((step for step in pipe.steps if isinstance(step, RestApiStep)), None)
                if step is None or step.parent_fields is None:
                    raise NotNative(f"its rows are the input of `{pipe.name}`")
                yield step.parent_fields


def _incremental_fields(incremental: Incremental[Any], naming: Any) -> Fields:
    """The columns that dlt's incremental step reads of a batch as it would read JSON."""
    purpose = "its incremental cursor"
    if incremental.last_value_func not in _ORDERED:
        return Fields(purpose, reason="has a function of its own")
    initial = incremental.initial_value
    if isinstance(initial, str) and is_iso_timestamp(str, initial):
        return Fields(purpose, reason="is a timestamp in a string")
    names: list[str] = [incremental.cursor_path]
    if not _is_deduplicated(incremental):
        pass
    elif incremental.primary_key is None or callable(incremental.primary_key):
        return Fields(purpose, reason="rows without a primary key are told apart by all fields")
    else:
        names += _names(incremental.primary_key)
    for name in names:
        if naming.normalize_path(name) != name:
            return Fields(purpose, reason=f"`{name}` is not the name of its column")
    return Fields(purpose, [(name,) for name in names])


def _is_deduplicated(incremental: Incremental[Any]) -> bool:
    if incremental.range_start == "open" or incremental.end_value is not None or incremental.lag:
        return False
    return incremental.primary_key is None or bool(incremental.primary_key)


def _names(key: str | Sequence[str]) -> list[str]:
    return [key] if isinstance(key, str) else list(key)
