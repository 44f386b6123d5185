# SPDX-License-Identifier: Apache-2.0
"""The generator functions of resources, in place of dlt's own, which they fall back to."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
from dlt.sources.rest_api import config_setup

from dlt_java._transformations import transformed
from dlt_java.options import Request
from dlt_java.resource import Group
from dlt_java.rest_api._endpoint import Endpoint
from dlt_java.rest_api._fetch import Fetch
from dlt_java.rest_api._fields import is_nested
from dlt_java.rest_api._native import NotNative
from dlt_java.rest_api._requests import Requests, json_text
from dlt_java.rest_api._step import RestApiStep

MOST_CHAINS = 1000
"""Parent rows that one source asks for: each of its requests is held until the source ends."""

_dlt_rows = config_setup.paginate_resource
_dlt_dependent_rows = config_setup.paginate_dependent_resource

_SIGNATURE = inspect.signature(_dlt_rows)
_DEPENDENT_SIGNATURE = inspect.signature(_dlt_dependent_rows)


# dlt takes name, module and parameters of its own functions from these, for its configuration.
@functools.wraps(_dlt_rows)
def paginate_resource(*values: Any, **named: Any) -> Iterator[Any]:
    """Yields the rows of a resource without a parent."""
    arguments = _SIGNATURE.bind(*values, **named).arguments
    step = RestApiStep.current()

    def dlt_rows() -> Iterator[Any]:
        return _transformed(step, _dlt_rows(**arguments))

    try:
        fetch, first = _prepared(step, arguments)
    except NotNative as reason:
        step.explain(reason)
        yield from dlt_rows()
        return
    step.statistics.reason = None
    yield from _delivered(step, fetch.groups([first]))


@functools.wraps(_dlt_dependent_rows)
def paginate_dependent_resource(*values: Any, **named: Any) -> Iterator[Any]:
    """Yields the rows that belong to the rows of a parent."""
    arguments = _DEPENDENT_SIGNATURE.bind(*values, **named).arguments
    step = RestApiStep.current()
    rows = _parent_rows(step, arguments["items"])
    if not rows:
        return

    def dlt_rows(some: Sequence[Any]) -> Iterator[Any]:
        return _transformed(step, _dlt_dependent_rows(**{**arguments, "items": some}))

    try:
        fetch, requests = _prepared_dependent(step, arguments)
    except NotNative as reason:
        step.explain(reason)
        yield from dlt_rows(rows)
        return
    step.waiting.extend(rows)
    if step.is_fetching:
        # The rows join the requests of the item before: one source at a time, so that each knows
        # the types of columns that the one before has found, as dlt does reading page after page.
        return
    step.is_fetching = True
    try:
        while step.waiting:
            while not step.has_delivered:
                yield None
            some, step.waiting = step.waiting[:MOST_CHAINS], step.waiting[MOST_CHAINS:]
            try:
                made = [_for_parent_row(requests, arguments, row) for row in some]
                groups = fetch.groups(made)
            except NotNative as reason:
                step.explain(reason)
                yield from dlt_rows(some)
                continue
            step.statistics.reason = None
            yield from _delivered(step, groups)
    finally:
        step.is_fetching = False


def _prepared(step: RestApiStep, arguments: Any) -> tuple[Fetch, Request]:
    fetch, requests = _prepared_dependent(step, arguments)
    placeholders: dict[str, Any] = {}
    incremental = arguments.get("incremental_object")
    convert = arguments.get("incremental_cursor_transform")
    if incremental:
        placeholders["incremental"] = incremental
        if convert:
            placeholders.update(config_setup.convert_incremental_values(incremental, convert))

    def filled(name: str, *, keep_type: bool = False) -> Any:
        return config_setup.expand_placeholders(
            arguments.get(name), placeholders, preserve_value_type=keep_type
        )

    params = config_setup.expand_placeholders(_params(arguments), placeholders)
    first = requests.first(
        filled("path"), filled("headers"), params, filled("json", keep_type=True), filled("data")
    )
    return fetch, first


def _prepared_dependent(step: RestApiStep, arguments: Any) -> tuple[Fetch, Requests]:
    endpoint = Endpoint.of(arguments)
    fetch = Fetch(step, endpoint, step.name)
    return fetch, Requests(endpoint, step.name)


def _params(arguments: Any) -> dict[str, Any]:
    """The query parameters with those of the incremental cursor, leaving dlt's as they are."""
    params = dict(arguments.get("params") or {})
    incremental = arguments.get("incremental_object")
    if incremental:
        config_setup._set_incremental_params(
            params,
            incremental,
            arguments["incremental_param"],
            arguments.get("incremental_cursor_transform"),
        )
    return params


def _for_parent_row(requests: Requests, arguments: Any, row: Any) -> Request:
    filled = config_setup.process_parent_data_item(
        path=arguments["path"],
        item=row,
        headers=arguments.get("headers"),
        params=_params(arguments),
        request_json=arguments.get("json"),
        request_data=arguments.get("data"),
        resolved_params=arguments["resolved_params"],
        include_from_parent=arguments.get("include_from_parent"),
        incremental=arguments.get("incremental_object"),
        incremental_value_convert=arguments.get("incremental_cursor_transform"),
    )
    return requests.first(
        filled.path,
        filled.headers,
        filled.params,
        filled.json,
        filled.data,
        json_text(filled.parent_record),
    )


def _parent_rows(step: RestApiStep, items: Any) -> Sequence[Any]:
    if not isinstance(items, (pa.RecordBatch, pa.Table)):
        return items  # type: ignore[no-any-return]
    if is_nested(items):
        return []
    parent = step.parent()
    if parent is None or parent.records is None:
        # A resource of the caller, whose columns are named as its fields are.
        return items.to_pylist()
    return parent.records.take(items)


def _transformed(step: RestApiStep, pages: Iterator[Any]) -> Iterator[Any]:
    """Pages of dlt's own client, with their records after the resource's transformations."""
    if not step.transformations:
        yield from pages
        return
    for page in pages:
        # In the page, which knows its request.
        page[:] = transformed(page, step.transformations)
        yield page


def _delivered(step: RestApiStep, groups: Iterator[Group | None]) -> Iterator[Any]:
    """Items of a source."""
    running = step.running()
    delivered = 0
    for group in groups:
        if group is None:
            yield None
            continue
        root = group.batches[0].rows
        delivered += root.num_rows
        if step.records is not None:
            step.records.add(root)
        yield running.item(group.batches)
    if not delivered:
        # dlt enters an empty list into its schema as it does when a JSON API has no records.
        yield []
