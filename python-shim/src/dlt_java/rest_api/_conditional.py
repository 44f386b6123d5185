# SPDX-License-Identifier: Apache-2.0
"""Pages that are asked for only if they have changed since an earlier run has loaded them.

The library says of each page that a source has delivered how to ask for it again, and what it has
told of the pages behind it. It is kept in the resource's state, which dlt stores together with the
rows: a run that fails remembers nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import dlt

from dlt_java._running import RunningResource
from dlt_java._transformations import Transformations
from dlt_java.exceptions import OptionsException

MOST_PAGES = 1000
"""Pages that a resource remembers: dlt writes the whole state with each load, and a page takes some
two hundred bytes of it."""

LARGEST_PAGES = 100_000
"""Most pages that may be set: the library takes no more."""

_KEY = "dlt_java_pages"
_VERSION = 1

_KEEPING_STRATEGIES = {None, "delete-insert", "upsert", "insert-only"}
"""Merge strategies that leave alone the rows of which nothing came; the others take them for
deleted."""


class PageMemory:
    """The pages that one run of a resource knows, and those that it has delivered."""

    def __init__(self, running: RunningResource, most_pages: int) -> None:
        """Reads the resource's state.

        Args:
            running: The run.
            most_pages: Pages to remember.

        Raises:
            OptionsException: The run would take the rows of unchanged pages for deleted.
        """
        _check_rows_stay(running)
        self._running = running
        self._most_pages = most_pages
        stored = running.state().get(_KEY, {})
        self._known = stored.get("pages", {}) if stored.get("version") == _VERSION else {}
        self._delivered: dict[str, Any] = {}

    def option(self, transformations: Transformations | None) -> dict[str, Any]:
        """The option `conditional` of the run's next source.

        Args:
            transformations: Of the resource; other ones make other rows of the same pages.
        """
        # Rows that were loaded elsewhere are not there.
        place = [dlt.current.pipeline().dataset_name, self._running.table]
        if transformations:
            # May hold a salt.
            steps = json.dumps(transformations, default=dict)
            place.append(hashlib.sha256(steps.encode()).hexdigest())
        return {
            "context": json.dumps(place),
            "most_pages": self._most_pages,
            "pages": self._known,
        }

    def add_source(self, statistics: Mapping[str, Any]) -> None:
        """Remembers the pages of a source of which dlt has taken all rows.

        Args:
            statistics: The library's statistics of the source.
        """
        for key, page in statistics.get("delivered_pages", {}).items():
            if key in self._delivered or len(self._delivered) < self._most_pages:
                self._delivered[key] = page
        self._running.state()[_KEY] = {"version": _VERSION, "pages": dict(self._delivered)}


def forget(running: RunningResource) -> None:
    """Drops what earlier runs have remembered: this one loads rows without keeping account of them.

    Args:
        running: The run.
    """
    if running.has_state(_KEY):
        running.state().pop(_KEY, None)


def _check_rows_stay(running: RunningResource) -> None:
    table: Mapping[str, Any] = running.table_hints()
    disposition = table.get("write_disposition")
    strategy = table.get("x-merge-strategy")
    if disposition not in ("append", "merge"):
        found = f'the write disposition "{disposition}"'
    elif disposition == "append":
        return
    elif strategy not in _KEEPING_STRATEGIES:
        found = f'the merge strategy "{strategy}"'
    elif table.get("x-merge-destination-scope"):
        found = "a merge with a destination scope"
    elif any(column.get("merge_key") for column in table["columns"].values()):
        found = "a merge key"
    else:
        return
    raise OptionsException(
        f"The resource `{running.name}` has {found}, with which rows of pages that have not changed"
        " would be deleted: conditional_requests needs append, or merge by primary key. Leave the"
        " resource out of conditional_requests."
    )
