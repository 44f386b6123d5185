# SPDX-License-Identifier: Apache-2.0
"""One source of the library for the requests of one endpoint."""

from __future__ import annotations

import dataclasses
import urllib.request
from collections.abc import Iterator, Sequence
from typing import Any

from dlt_java._observation import log_options, observed
from dlt_java._settings import http_options
from dlt_java.options import Request, SourceOptions
from dlt_java.resource import Group, grouped, polled
from dlt_java.rest_api._auth import Authentication
from dlt_java.rest_api._endpoint import Endpoint
from dlt_java.rest_api._native import NotNative
from dlt_java.rest_api._requests import secret_headers, shared_headers, urls, user_agent
from dlt_java.rest_api._step import RestApiStep
from dlt_java.stream import Source

PARENT_BATCH_ROWS = 1000
"""Rows after which a parent's rows go on to dependent resources, which wait for them."""


class Fetch:
    """How one run of a resource reads its endpoint."""

    def __init__(self, step: RestApiStep, endpoint: Endpoint, name: str) -> None:
        """Asks for a token if the endpoint needs one.

        Args:
            step: The step of the run.
            endpoint: What to read.
            name: Name of the resource.

        Raises:
            NotNative: dlt's own client has to read it.
        """
        self._step = step
        self._name = name
        self._running = step.running()
        self._authentication = Authentication(endpoint.client.auth)
        self._options = {**_environment_proxies(), **step.client_options, **endpoint.options()}
        # Only when it is known that the library reads the endpoint.
        self._pages = step.page_memory()
        if step.is_parent():
            self._options["batch_rows"] = PARENT_BATCH_ROWS

    def groups(self, made: Sequence[Request]) -> Iterator[Group | None]:
        """The rows of some chains of requests; `None` while none is ready.

        Args:
            made: Their first requests.

        Raises:
            NotNative: dlt's own client has to read them; before anything is yielded.
        """
        shared, requests = shared_headers(made)
        headers, secret = secret_headers(shared)
        agent = user_agent(headers)
        options = self._step.complete(
            SourceOptions(
                requests,
                self._name,
                headers=headers,
                user_agent=agent,
                auth_headers=self._authentication.with_others(secret) or None,
                auth_query=self._authentication.query or None,
                transformations=self._step.transformations,
                **self._options,
            )
        )
        options = options.with_defaults(**http_options(urls(made)), **log_options())
        if self._pages is not None:
            options = dataclasses.replace(
                options, conditional=self._pages.option(self._step.transformations)
            )
        source = Source(options, self._running.answer)
        with source, self._step.statistics.counting(source, self._name):
            end_refreshing = self._authentication.keep_fresh(source, secret)
            try:
                yield from grouped(observed(polled(source), source))
                if self._pages is not None:
                    self._pages.add_source(source.statistics())
            finally:
                end_refreshing()


def _environment_proxies() -> dict[str, Any]:
    """Proxies as `requests` takes them from the environment."""
    found = urllib.request.getproxies()
    proxies = {
        scheme: _with_scheme(proxy)
        for scheme in ("http", "https")
        for proxy in [found.get(scheme) or found.get("all")]
        if proxy
    }
    if not proxies:
        return {}
    if any(not proxy.lower().startswith("http://") for proxy in proxies.values()):
        raise NotNative("its proxy speaks neither http nor CONNECT")
    options: dict[str, Any] = {"proxies": proxies}
    if found.get("no"):
        options["no_proxy"] = found["no"]
    return options


def _with_scheme(proxy: str) -> str:
    return proxy if "://" in proxy else f"http://{proxy}"
