# SPDX-License-Identifier: Apache-2.0
"""The step that each resource of this package has in its pipe, and what one run of it knows.

It is the last step, where `WithNestedTables` takes items apart. dlt binds steps anew for each run,
so a bound step is the place for what lasts as long as the run.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterator
from typing import Any

from dlt.common import logger
from dlt.extract.incremental import Incremental, IncrementalResourceWrapper
from dlt.extract.pipe import ForkPipe
from dlt.extract.state import get_current_pipe
from dlt.extract.validation import PydanticValidator

from dlt_java._delivery import AfterIncremental, BeforeIncremental, WithNestedTables
from dlt_java._running import RunningResource
from dlt_java._transformations import Transformations
from dlt_java.exceptions import DltJavaException, OptionsException
from dlt_java.options import SourceOptions
from dlt_java.rest_api._conditional import PageMemory, forget
from dlt_java.rest_api._fields import ParentRecords
from dlt_java.rest_api._native import NotNative
from dlt_java.rest_api._statistics import EndpointStatistics


class RestApiStep(WithNestedTables):
    """Takes items apart, and decides whether a run reads its endpoint natively.

    Attributes:
        name: Name of the resource.
        client_options: Options of sources that the caller gave.
        remembered_pages: Pages to remember and to ask for only if they have changed, `None` to ask
            for all of them whole.
        transformations: Steps that each record goes through first, `None` for none.
        parent_paths: Paths of keys to what a dependent resource needs of a parent; `None` for
            others.
        statistics: What the resource has done, over all runs.
        waiting: Parent rows that wait for the run's source to end.
        is_fetching: Whether the run has a source open.
    """

    def __init__(
        self,
        name: str,
        client_options: dict[str, Any],
        parent_paths: list[list[str]] | None,
        remembered_pages: int | None = None,
        transformations: Transformations | None = None,
    ) -> None:
        super().__init__()
        self.transformations = transformations
        self.remembered_pages = remembered_pages
        self._warnings: set[str] = set()
        self.client_options = client_options
        self.parent_paths = parent_paths
        self.statistics = EndpointStatistics()
        self.name = name
        self._start_run()

    def _start_run(self) -> None:
        self.waiting: list[dict[str, Any]] = []
        self.is_fetching = False
        self._pipe: Any = None
        self._running: RunningResource | None = None
        self._records: ParentRecords | None = None
        self._undelivered = 0
        self._page_memory: PageMemory | None = None

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
                self._check_steps()
                children = len(list(self._forks()))
                self._records = (
                    ParentRecords(running.id_column, children, running.has_model)
                    if children
                    else None
                )
            except OptionsException as unsupported:
                raise NotNative(str(unsupported)) from unsupported
            self._running = running
        return self._running

    def complete(self, options: SourceOptions) -> SourceOptions:
        """The options with all that the run decides.

        Args:
            options: Of the endpoint.
        """
        projection = [path for paths in self._forks() for path in paths]
        try:
            return self.running().complete(dataclasses.replace(options, projection=projection))
        except OptionsException as unsupported:
            raise NotNative(str(unsupported)) from unsupported

    def page_memory(self) -> PageMemory | None:
        """The pages that the run asks for only if they have changed, `None` if it asks for all.

        Raises:
            OptionsException: The run would take the rows of unchanged pages for deleted.
        """
        running = self.running()
        if self.remembered_pages is not None and self._page_memory is None:
            # Its dependent resources ask for what belongs to its rows, which may have changed.
            if self.is_parent():
                self._say_unconditional("dependent resources need all of its rows")
            elif running.has_end:
                self._say_unconditional("its incremental cursor has an end value")
            else:
                self._page_memory = PageMemory(running, self.remembered_pages)
        if self._page_memory is None:
            forget(running)
        return self._page_memory

    def _say_unconditional(self, reason: str) -> None:
        if reason not in self._warnings:
            self._warnings.add(reason)
            logger.warning(f"conditional_requests has no effect on `{self.name}`: {reason}")

    @property
    def records(self) -> ParentRecords | None:
        """What dependent resources need of the rows delivered, `None` without any."""
        return self._records

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
        if self.remembered_pages is not None:
            self._say_unconditional(f"dlt's own client reads it, as {reason}")

    def parent(self) -> RestApiStep | None:
        """The step of the parent's pipe, `None` if the parent is no resource of this package."""
        steps = self._pipe.parent.steps if self._pipe is not None and self._pipe.parent else []
        return next((step for step in steps if isinstance(step, RestApiStep)), None)

    def _check_steps(self) -> None:
        for index, step in enumerate(self._pipe.steps):
            if index != self._pipe._gen_idx and not isinstance(step, _KNOWN_STEPS):
                raise NotNative(f"its rows pass through a `{type(step).__name__}`")

    def _forks(self) -> Iterator[list[list[str]]]:
        for fork in self._pipe.steps:
            if not isinstance(fork, ForkPipe):
                continue
            for pipe, _ in fork._pipes:
                if pipe is self._pipe:
                    # Its own way to its table.
                    continue
                step = next((step for step in pipe.steps if isinstance(step, RestApiStep)), None)
                if step is None or step.parent_paths is None:
                    raise NotNative(f"its rows are the input of `{pipe.name}`")
                yield step.parent_paths


_KNOWN_STEPS = (
    RestApiStep,
    ForkPipe,
    BeforeIncremental,
    AfterIncremental,
    Incremental,
    IncrementalResourceWrapper,
    PydanticValidator,
)
"""Steps that take batches, or records where a cursor needs them."""
