# SPDX-License-Identifier: Apache-2.0
"""What resources have done, for `source.stats()`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

_COUNTERS = (
    "requests",
    "retries",
    "waited_milliseconds",
    "body_bytes",
    "not_modified",
    "rows",
)


@dataclasses.dataclass
class EndpointStatistics:
    """What one resource has done, over all runs.

    Attributes:
        requests: Requests, not counting tries again.
        retries: Tries again.
        waited_milliseconds: Time that requests waited for their turn or for another try.
        body_bytes: Decompressed bytes of responses.
        not_modified: Responses that said that a page has not changed.
        rows: Rows of the root table.
        reason: Why dlt's own client read the resource in the latest run, `None` if the library did.
            It does not count what dlt's client does.
    """

    requests: int = 0
    retries: int = 0
    waited_milliseconds: int = 0
    body_bytes: int = 0
    not_modified: int = 0
    rows: int = 0
    reason: str | None = None

    def add_source(self, statistics: Mapping[str, Any], name: str) -> None:
        """Adds what one source has counted.

        Args:
            statistics: The library's statistics of the source.
            name: Name of the endpoint in its requests.
        """
        counted = statistics.get("endpoints", {}).get(name, {})
        for name in _COUNTERS:
            setattr(self, name, getattr(self, name) + int(counted.get(name, 0)))

    def to_dict(self) -> dict[str, Any]:
        """The values by name, with `is_native` in front."""
        return {"is_native": self.reason is None, **dataclasses.asdict(self)}
