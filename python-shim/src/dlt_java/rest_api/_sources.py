# SPDX-License-Identifier: Apache-2.0
"""The functions that users call, with dlt's signatures."""

# No `from __future__ import annotations` here: dlt reads the types of a source's arguments.

import functools
from typing import Any, Optional, Union

import dlt
import dlt.sources.rest_api as dlt_rest_api
from dlt.common.schema.schema import Schema
from dlt.common.schema.typing import TSchemaContract
from dlt.extract import DltResource, DltSource
from dlt.sources.rest_api import utils
from dlt.sources.rest_api.typing import (
    ClientConfig,
    EndpointResource,
    EndpointResourceBase,
    RESTAPIConfig,
)

from dlt_java.rest_api._resources import make_resources, without_transformations
from dlt_java.rest_api._step import RestApiStep

__source_name__ = "rest_api"
"""The section of dlt's configuration, which would be this module's name otherwise."""


@dlt.source
def rest_api(
    client: ClientConfig = dlt.config.value,
    resources: list[Union[str, EndpointResource, DltResource]] = dlt.config.value,
    resource_defaults: Optional[EndpointResourceBase] = None,
    *,
    requests_per_second: Optional[float] = None,
    max_concurrency: Optional[int] = None,
    pages_ahead: Optional[int] = None,
    conditional_requests: Optional[Union[bool, list[str]]] = None,
    remembered_pages: Optional[int] = None,
) -> list[DltResource]:
    """A REST API, with arguments from dlt's configuration.

    Args:
        client: As in the dictionary of `rest_api_source`.
        resources: Likewise.
        resource_defaults: Likewise.
        requests_per_second: As in `rest_api_source`.
        max_concurrency: Likewise.
        pages_ahead: Likewise.
        conditional_requests: Likewise.
        remembered_pages: Likewise.
    """
    return rest_api_resources(
        {"client": client, "resources": resources, "resource_defaults": resource_defaults},
        requests_per_second=requests_per_second,
        max_concurrency=max_concurrency,
        pages_ahead=pages_ahead,
        conditional_requests=conditional_requests,
        remembered_pages=remembered_pages,
    )


def rest_api_source(
    config: RESTAPIConfig,
    name: Optional[str] = None,
    section: Optional[str] = None,
    max_table_nesting: Optional[int] = None,
    root_key: Optional[bool] = None,
    schema: Optional[Schema] = None,
    schema_contract: Optional[TSchemaContract] = None,
    parallelized: bool = False,
    *,
    requests_per_second: Optional[float] = None,
    max_concurrency: Optional[int] = None,
    pages_ahead: Optional[int] = None,
    conditional_requests: Optional[Union[bool, list[str]]] = None,
    remembered_pages: Optional[int] = None,
) -> DltSource:
    """A dlt source of a REST API, in place of `dlt.sources.rest_api.rest_api_source`.

    Args:
        config: The dictionary that dlt takes, unchanged; resources may have `transformations`.
        name: Name of the source.
        section: Section of dlt's configuration.
        max_table_nesting: How deep child tables go before values stay JSON.
        root_key: Whether child tables name their root rows, whatever the write disposition.
        schema: Schema of the source; a new one if absent.
        schema_contract: What may change in the schema.
        parallelized: As in dlt; only matters for resources that dlt's own client reads.
        requests_per_second: Most requests to one host in a second; no bound if absent.
        max_concurrency: Most requests to one host in flight; `[extract] max_parallel_items` of
            dlt's configuration, 20, if absent.
        pages_ahead: Pages of a numbered endpoint that are fetched before it is known that they
            exist; 0 fetches one page after the other.
        conditional_requests: Whether pages that have not changed since the last run are not loaded
            again: `True`, or the names of the resources. Only for append, and merge by primary key.
        remembered_pages: Most pages of a resource that are remembered for it, 1000 if absent.

    Returns:
        The source. Its method `stats()` tells what each resource has done (so does the function
        `stats` of this module).
    """
    dlt_rest_api._validate_config(without_transformations(config)[0])
    changes: dict[str, Any] = {
        "name": name,
        "section": section,
        "max_table_nesting": max_table_nesting,
        "root_key": root_key,
        "schema": schema,
        "schema_contract": schema_contract,
        "parallelized": parallelized,
    }
    source: DltSource = rest_api.clone(**changes)(
        **config,
        requests_per_second=requests_per_second,
        max_concurrency=max_concurrency,
        pages_ahead=pages_ahead,
        conditional_requests=conditional_requests,
        remembered_pages=remembered_pages,
    )
    # Resources are attributes of a source, too.
    if "stats" not in source.resources:
        source.stats = functools.partial(stats, source)
    return source


def rest_api_resources(
    config: RESTAPIConfig,
    *,
    requests_per_second: Optional[float] = None,
    max_concurrency: Optional[int] = None,
    pages_ahead: Optional[int] = None,
    conditional_requests: Optional[Union[bool, list[str]]] = None,
    remembered_pages: Optional[int] = None,
) -> list[DltResource]:
    """The resources of a REST API, in place of `dlt.sources.rest_api.rest_api_resources`.

    Args:
        config: The dictionary that dlt takes, unchanged; resources may have `transformations`.
        requests_per_second: As in `rest_api_source`.
        max_concurrency: Likewise.
        pages_ahead: Likewise.
        conditional_requests: Likewise.
        remembered_pages: Likewise.
    """
    options = {
        "requests_per_second": requests_per_second,
        "max_concurrency": max_concurrency,
        "pages_ahead": pages_ahead,
    }
    given = {name: value for name, value in options.items() if value is not None}
    return make_resources(config, given, conditional_requests or False, remembered_pages)


def check_connection(source: DltSource, *resource_names: str) -> tuple[bool, str]:
    """Whether the first page of resources can be read, and what is wrong if not.

    Args:
        source: A source of `rest_api_source`.
        resource_names: Names of the resources to read; none are read if none is given, as in dlt.
    """
    return utils.check_connection(source, *resource_names)


def stats(source: DltSource) -> dict[str, dict[str, Any]]:
    """What each resource has done so far: requests, retries, waits, bytes, rows.

    Args:
        source: A source of `rest_api_source`, or a selection of its resources.

    Returns:
        Resource name to counters; `is_native` tells whether the library read the resource in its
        latest run, and `reason` why not. dlt's own client counts nothing.
    """
    found: dict[str, dict[str, Any]] = {}
    for name, resource in source.resources.items():
        for step in resource._pipe.steps:
            if isinstance(step, RestApiStep):
                found[name] = step.statistics.to_dict()
    return found
