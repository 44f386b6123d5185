# SPDX-License-Identifier: Apache-2.0
"""What resources have done, for `source.stats()`."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from typing import Any

from dlt_java.stream import Source

_COUNTERS = (
    "requests",
    "retries",
    "waited_milliseconds",
    "body_bytes",
    "not_modified",
    "rows",
)
_RATES = ("requests", "body_bytes", "rows")

_counting = threading.Lock()
"""A source is counted as long as it is open, or as what it had counted when it closed."""


def _start_child_afresh() -> None:
    # Another thread of the parent process may have held it.
    global _counting
    _counting = threading.Lock()


os.register_at_fork(after_in_child=_start_child_afresh)


class EndpointStatistics:
    """What one resource has done, over all runs; any thread may ask, also while it runs.

    Attributes:
        reason: Why dlt's own client read the resource in the latest run, `None` if the library did.
            It does not count what dlt's client does.
    """

    def __init__(self) -> None:
        self.reason: str | None = None
        self._counts = dict.fromkeys(_COUNTERS, 0)
        self._seconds = 0.0
        self._open: dict[Source, tuple[str, float]] = {}

    @contextlib.contextmanager
    def counting(self, source: Source, name: str) -> Iterator[None]:
        """Counts what a source does in this context.

        Args:
            source: Open, and closed later.
            name: Name of the endpoint in its requests.
        """
        with _counting:
            self._open[source] = (name, time.monotonic())
        try:
            yield
        finally:
            with _counting:
                self._seconds += self._add(source, self._counts)
                del self._open[source]

    def _add(self, source: Source, counts: dict[str, int]) -> float:
        name, opened = self._open[source]
        counted = source.statistics()["endpoints"].get(name, {})
        for counter in _COUNTERS:
            counts[counter] += int(counted.get(counter, 0))
        return time.monotonic() - opened

    def to_dict(self) -> dict[str, Any]:
        """The values by name.

        Returns:
            `is_native` and `reason`; `requests` (tries again not counted), `retries`,
            `waited_milliseconds` (for turns and tries again), `body_bytes` (decompressed),
            `not_modified` (responses without a body), `rows`
            (of the root table); `seconds`, in which sources were open, and `requests`, `body_bytes`
            and `rows` `…_per_second` of them.
        """
        with _counting:
            counts = dict(self._counts)
            seconds = self._seconds + sum(self._add(source, counts) for source in self._open)
        rates = {
            f"{name}_per_second": counts[name] / seconds if seconds else 0.0 for name in _RATES
        }
        return {
            "is_native": self.reason is None,
            **counts,
            "seconds": seconds,
            **rates,
            "reason": self.reason,
        }
