"""Loads one REST API configuration with dlt's own source and with ours, and compares the two."""

from __future__ import annotations

import copy
import dataclasses
from collections import Counter
from collections.abc import Sequence
from typing import Any, Callable

import dlt
import dlt.sources.rest_api
from comparison import assert_equal_schemas, assert_equal_tables
from conftest import MakePipeline
from replica import LoggedRequest, Replica

import dlt_java.rest_api

Config = dict[str, Any]


@dataclasses.dataclass
class Load:
    """What one implementation has done.

    Attributes:
        pipeline: The pipeline that it loaded with.
        requests: What the replica was asked for.
        stats: Our resources' statistics; empty for dlt's own source.
    """

    pipeline: dlt.Pipeline
    requests: list[LoggedRequest]
    stats: dict[str, dict[str, Any]]

    def targets(self) -> list[str]:
        """Paths and queries, in no particular order."""
        return sorted(request.target for request in self.requests)

    def count(self, table: str) -> int:
        """Rows of a table."""
        with self.pipeline.sql_client() as client:
            rows: Any = client.execute_sql(f"SELECT count(*) FROM {table}")
        return int(rows[0][0])


@dataclasses.dataclass
class Loads:
    """Runs configurations with both implementations, each in its own pipeline."""

    replica: Replica
    make_pipeline: MakePipeline

    def ours(
        self, config: Any, selected: Sequence[str] = (), change: Any = None, **options: Any
    ) -> Load:
        """Loads with our source.

        Args:
            config: The dictionary; it is not changed.
            selected: Resources to load; all if empty.
            change: Called with the source before it runs.
            **options: Keyword arguments of our `rest_api_source`.
        """
        source = dlt_java.rest_api.rest_api_source(_copied(config), **options)
        load = self._run("ours", source, selected, change)
        load.stats = dlt_java.rest_api.stats(source)
        return load

    def theirs(self, config: Any, selected: Sequence[str] = (), change: Any = None) -> Load:
        """Loads with dlt's source.

        Args:
            config: The dictionary; it is not changed.
            selected: Resources to load; all if empty.
            change: Called with the source before it runs.
        """
        source = dlt.sources.rest_api.rest_api_source(_copied(config))
        return self._run("theirs", source, selected, change)

    def _run(self, name: str, source: Any, selected: Sequence[str], change: Any) -> Load:
        self.replica.clear_log()
        pipeline = self.make_pipeline(name)
        if selected:
            source = source.with_resources(*selected)
        if change is not None:
            change(source)
        pipeline.run(source)
        return Load(pipeline, self.replica.requests(), {})

    def both(
        self,
        config: Any,
        selected: Sequence[str] = (),
        *,
        dlt_rows: Sequence[str] = (),
        same_requests: bool = True,
        change: Callable[[Any], Any] | None = None,
        **options: Any,
    ) -> tuple[Load, Load]:
        """Loads with both and compares schemas, tables and requests.

        Args:
            config: The dictionary.
            selected: Resources to load; all if empty.
            dlt_rows: Resources that dlt's own client has to read in our source, too.
            same_requests: Whether both ask for the same, in whatever order.
            change: Called with each source before it runs.
            **options: Keyword arguments of our `rest_api_source`.
        """
        theirs = self.theirs(config, selected, change)
        ours = self.ours(config, selected, change, **options)
        assert_equal_schemas(ours.pipeline, theirs.pipeline)
        assert_equal_tables(ours.pipeline, theirs.pipeline)
        asked = selected or list(ours.stats)
        read_by_dlt = {name for name in asked if not ours.stats[name]["is_native"]}
        assert read_by_dlt == set(dlt_rows), {name: ours.stats[name]["reason"] for name in asked}
        if same_requests:
            assert _asked(ours) == _asked(theirs)
        return ours, theirs


def _asked(load: Load) -> Counter[tuple[str, str, str]]:
    return Counter((request.method, request.target, request.body) for request in load.requests)


def _copied(config: Any) -> Any:
    """A copy of the dictionaries and lists; functions and objects stay."""
    if isinstance(config, dict):
        return {name: _copied(value) for name, value in config.items()}
    if isinstance(config, list):
        return [_copied(value) for value in config]
    return copy.copy(config)
