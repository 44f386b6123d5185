# SPDX-License-Identifier: Apache-2.0
"""What dlt's progress, the log and the trace of a run show of a source."""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from typing import Any

import dlt
from dlt.common import logger as dlt_logger
from dlt.common.configuration.container import Container
from dlt.common.pipeline import PipelineContext
from dlt.common.runtime.collector import NullCollector
from dlt.common.runtime.collector_base import Collector
from dlt.extract import DltResource

from dlt_java._abi import Batch
from dlt_java._running import current_load_id
from dlt_java.stream import Source

COUNTERS = ("requests", "retries", "body_bytes", "rows")
"""What of an endpoint's statistics progress shows."""

_METRICS = ("requests", "retries", "body_bytes")
"""What of a source's statistics the trace has; dlt counts the rows itself."""

_PERIOD_SECONDS = 0.25
"""How often something is shown while no batch comes: as often as people look."""

_LOGGED_REQUESTS = 10_000
"""More than end between two batches, as a rule."""

_POOL_THREADS = "dlt-pool-"
"""How the names of dlt's worker threads begin."""


_counted_loads: weakref.WeakKeyDictionary[DltResource, str] = weakref.WeakKeyDictionary()
"""The load that the custom metrics of a resource are of."""


def log_options() -> dict[str, Any]:
    """Options of a source whose requests `observed` logs, none if nobody reads the log."""
    return {"request_log": _LOGGED_REQUESTS} if _loggers() else {}


def observed(batches: Iterator[Batch | None], source: Source) -> Iterator[Batch | None]:
    """Passes batches on; logs the requests of their source, and counts in progress and trace.

    The counters of progress are `{endpoint} requests`, `… retries`, `… body_bytes` and `… rows`;
    requests are logged at level `DEBUG`. Both happen when a batch comes and, seldom, while none
    does, and cost nothing without progress and log. At the end requests, tries again and bytes are
    added to the custom metrics of the resource that runs, which dlt's trace has.

    Args:
        batches: What is polled from the source.
        source: An open source with `log_options`; requests without names are not counted.
    """
    metrics = _metrics()
    try:
        yield from _shown(batches, source)
    finally:
        if metrics is not None:
            _add_metrics(metrics, source.statistics())


def _shown(batches: Iterator[Batch | None], source: Source) -> Iterator[Batch | None]:
    log = _RequestLog(_loggers())
    collector = _collector()
    if collector is None and not log.loggers:
        yield from batches
        return
    progress = None if collector is None else _Progress(collector)
    shown = time.monotonic()
    try:
        for batch in batches:
            if batch is not None or time.monotonic() - shown > _PERIOD_SECONDS:
                _show(source, log, progress)
                shown = time.monotonic()
            yield batch
    except GeneratorExit:
        # Progress may be over when dlt closes the generator.
        _show(source, log, None)
        raise
    except Exception:
        _show(source, log, progress)
        raise
    _show(source, log, progress)


def _show(source: Source, log: _RequestLog, progress: _Progress | None) -> None:
    statistics = source.statistics()
    log.show(source.logged_requests(), int(statistics.get("requests_not_logged", 0)))
    if progress is not None:
        progress.show(statistics)


class _RequestLog:
    """The requests of one source, a line each."""

    def __init__(self, loggers: Sequence[Any]) -> None:
        self.loggers = loggers
        self._missing = 0

    def show(self, requests: Sequence[dict[str, Any]], missing: int) -> None:
        for request in requests:
            self._debug(_line(request))
        if missing > self._missing:
            self._debug(f"{missing - self._missing} requests before these were too many to log")
            self._missing = missing

    def _debug(self, line: str) -> None:
        for logger in self.loggers:
            logger.debug("%s", line)


def _line(request: dict[str, Any]) -> str:
    outcome = f"failed ({request['failure']})" if "failure" in request else request["status"]
    parts = [
        f"{request['method']} {request['url']} {outcome} in {request['milliseconds']} ms",
        f"{request['body_bytes']} bytes",
        f"attempt {request['attempt']}",
    ]
    if request["waited_milliseconds"]:
        parts.append(f"waited {request['waited_milliseconds']} ms before")
    return ", ".join(parts)


class _Progress:
    """The counters of one source; a collector adds them to those of others with the same names."""

    def __init__(self, collector: Collector) -> None:
        self._collector = collector
        self._shown: dict[str, int] = {}

    def show(self, statistics: dict[str, Any]) -> None:
        for endpoint, counted in statistics["endpoints"].items():
            for counter in COUNTERS:
                # No label: not every collector has them.
                self._move(f"{endpoint} {counter}", int(counted[counter]))

    def _move(self, name: str, count: int) -> None:
        shown = self._shown.get(name)
        if count != shown:
            self._collector.update(name, count - (shown or 0))
            self._shown[name] = count


def _metrics() -> dict[str, Any] | None:
    """The custom metrics of the resource that runs, `None` outside of a pipeline's run."""
    load_id = current_load_id()
    if load_id is None:
        return None
    resource = dlt.current.resource()
    if _counted_loads.get(resource) != load_id:
        _counted_loads[resource] = load_id
        # An object that ran before has the counts of that run, and shares them with its trace.
        kept = {k: v for k, v in resource.custom_metrics.items() if k not in _METRICS}
        resource._custom_metrics = kept
    return resource.custom_metrics


def _add_metrics(metrics: dict[str, Any], statistics: dict[str, Any]) -> None:
    if statistics["requests"]:
        # Requests without names have no endpoint.
        endpoints = list(statistics["endpoints"].values()) or [statistics]
        # A resource may read several sources, one after the other.
        for name in _METRICS:
            counted = sum(int(endpoint[name]) for endpoint in endpoints)
            metrics[name] = metrics.get(name, 0) + counted


def _loggers() -> list[Any]:
    """The loggers that log requests: the package's own, and dlt's."""
    candidates = [logging.getLogger("dlt_java"), dlt_logger.LOGGER]
    return [one for one in candidates if one is not None and one.isEnabledFor(logging.DEBUG)]


def _collector() -> Collector | None:
    """Where the running pipeline's progress is counted, `None` if nowhere."""
    if threading.current_thread().name.startswith(_POOL_THREADS):
        # A `parallelized` resource: collectors belong to the thread that extracts.
        return None
    context = Container()[PipelineContext]
    if not context.is_active() or current_load_id() is None:
        return None
    collector: Collector = context.pipeline().collector
    return None if isinstance(collector, NullCollector) else collector
