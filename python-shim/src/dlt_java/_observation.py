# SPDX-License-Identifier: Apache-2.0
"""What dlt's progress shows of a source while it is read."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

from dlt.common.configuration.container import Container
from dlt.common.pipeline import PipelineContext
from dlt.common.runtime.collector import NullCollector
from dlt.common.runtime.collector_base import Collector

from dlt_java._abi import Batch
from dlt_java._running import current_load_id
from dlt_java.stream import Source

COUNTERS = ("requests", "retries", "body_bytes", "rows")
"""What of an endpoint's statistics progress shows."""

_PERIOD_SECONDS = 0.25
"""How often counters move while no batch comes: as often as people look."""

_POOL_THREADS = "dlt-pool-"
"""How the names of dlt's worker threads begin."""


def observed(batches: Iterator[Batch | None], source: Source) -> Iterator[Batch | None]:
    """Passes batches on, and shows what their source has counted in the progress of the run.

    The counters are `{endpoint} requests`, `… retries`, `… body_bytes` and `… rows`. They move when
    a batch comes and, seldom, while none does. Without progress it costs nothing.

    Args:
        batches: What is polled from the source.
        source: An open source; requests without names are not shown.
    """
    collector = _collector()
    if collector is None:
        yield from batches
        return
    progress = _Progress(collector)
    shown = time.monotonic()
    try:
        for batch in batches:
            if batch is not None or time.monotonic() - shown > _PERIOD_SECONDS:
                progress.show(source.statistics())
                shown = time.monotonic()
            yield batch
    except Exception:
        # Nobody looks any more when dlt closes the generator, which is no such exception.
        progress.show(source.statistics())
        raise
    progress.show(source.statistics())


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
