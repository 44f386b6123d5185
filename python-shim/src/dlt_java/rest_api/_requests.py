# SPDX-License-Identifier: Apache-2.0
"""First requests, prepared by `requests` itself, and templates of the requests that follow.

A template is made of a request that dlt's paginator has changed for the next page, with a marker
where the number or cursor would be; the prepared URL and body are then cut at the marker.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Callable
from urllib.parse import quote_plus, urlsplit, urlunsplit

import requests
from dlt.sources.helpers.rest_client.paginators import (
    BasePaginator,
    HeaderCursorPaginator,
    JSONResponseCursorPaginator,
    OffsetPaginator,
    PageNumberPaginator,
)
from requests.auth import AuthBase

from dlt_java.options import Request
from dlt_java.rest_api._endpoint import Endpoint
from dlt_java.rest_api._native import NotNative

# Letters and digits only, which no encoding changes.
_MARKER = f"dltjslot{secrets.token_hex(8)}"

# As the library knows them, which sends such headers to no other server.
_SECRET_WORDS = (
    "auth",
    "cookie",
    "api-key",
    "api_key",
    "apikey",
    "token",
    "secret",
    "password",
    "credential",
    "signature",
)
_USER_AGENT = "user-agent"
# The library writes these itself.
_DELIVERY = {"host", "content-length", "transfer-encoding"}
_CLIENT_DEFAULTS = ("accept-encoding", "connection")


class _Unauthenticated(AuthBase):
    """Keeps `requests` from looking for a password in the user's netrc file."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


_UNAUTHENTICATED = _Unauthenticated()


class Requests:
    """Makes the requests of one endpoint."""

    def __init__(self, endpoint: Endpoint, name: str) -> None:
        """Makes none yet.

        Args:
            endpoint: Where they go.
            name: Name of the endpoint in errors and statistics.
        """
        self._endpoint = endpoint
        self._name = name
        self._session = endpoint.client.session
        self._slots = _slots(endpoint.effective_paginator)
        self._client_defaults = {
            name: value.lower()
            for name, value in _text_headers(self._session.headers).items()
            if name in _CLIENT_DEFAULTS
        }

    def first(
        self, path: str, headers: Any, params: Any, body: Any, data: Any, fields: str | None = None
    ) -> Request:
        """The request that starts a chain.

        Args:
            path: As dlt's client takes it, placeholders filled in.
            headers: Likewise.
            params: Likewise.
            body: Likewise; JSON.
            data: Likewise; form or text.
            fields: JSON object whose members are appended to each record.

        Raises:
            NotNative: Its body is not text.
        """
        request = self._unsent(path, headers, params, body, data)
        paginator = copy.deepcopy(self._endpoint.effective_paginator)
        if paginator is not None:
            paginator.init_request(request)
        made = self._counted(request) or self._referenced(request)
        return dataclasses.replace(made, fields=fields, name=self._name)

    def _counted(self, request: requests.Request) -> Request | None:
        """The request if its first page has a number, too: prepared once for all its pages."""
        slot = next((slot for slot in self._slots if slot.first is not None), None)
        if slot is None:
            return None
        slot.mark(request)
        prepared = self._session.prepare_request(request)
        url, text = bare(prepared.url), _text(prepared.body)
        template: dict[str, Any] = {"url": _cut(url, _MARKER, slot.name, "query")}
        if text is not None and _MARKER in text:
            template["body"] = _cut(text, f'"{_MARKER}"', slot.name, "json")
            text = text.replace(f'"{_MARKER}"', json.dumps(slot.first))
        return Request(
            url.replace(_MARKER, quote_plus(str(slot.first))),
            method=prepared.method,
            headers=self._headers(prepared),
            body=text,
            following={slot.name: template},
        )

    def _referenced(self, request: Any) -> Request:
        """The request if its first page has no cursor, or none ever has."""
        prepared = self._session.prepare_request(request)
        url, text = bare(prepared.url), _text(prepared.body)
        headers = self._headers(prepared)
        following: dict[str, Mapping[str, Any]] = {}
        for slot in self._slots:
            if slot.parameter is not None and slot.parameter not in request.params:
                following[slot.name] = {"url": _appended(url, slot)}
                continue
            marked = _copy(request)
            slot.mark(marked)
            later = self._session.prepare_request(marked)
            template = {"url": _cut(bare(later.url), _MARKER, slot.name, "query")}
            later_text = _text(later.body)
            if later_text is not None and later_text != text:
                template["body"] = _cut(later_text, f'"{_MARKER}"', slot.name, "json")
                headers = {**self._headers(later), **headers}
            following[slot.name] = template
        return Request(
            url,
            method=prepared.method,
            headers=headers,
            body=text,
            following=following or None,
        )

    def _unsent(self, path: str, headers: Any, params: Any, body: Any, data: Any) -> Any:
        client = self._endpoint.client
        request = client._create_request(
            path_or_url=path,
            method=self._endpoint.method,
            headers=headers,
            params=params,
            json=body,
            data=data,
        )
        # The client's authentication is not part of a request here; see `_auth`.
        request.auth = None if client.auth is None else _UNAUTHENTICATED
        return request

    def _headers(self, prepared: requests.PreparedRequest) -> dict[str, str]:
        headers = _text_headers(prepared.headers)
        return {
            name: value
            for name, value in headers.items()
            if name not in _DELIVERY and self._client_defaults.get(name) != value.lower()
        }


def shared_headers(made: Sequence[Request]) -> tuple[dict[str, str], list[Request]]:
    """Headers that all requests have, and the requests without them.

    Args:
        made: Requests of one endpoint.
    """
    shared = dict(made[0].headers or {}) if made else {}
    for request in made[1:]:
        own = request.headers or {}
        shared = {name: value for name, value in shared.items() if own.get(name) == value}
    return shared, [_without(request, shared) for request in made]


def secret_headers(shared: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Headers without those that authenticate, as far as names tell, and those alone.

    Args:
        shared: Headers by lower-case name.
    """
    secret = {
        name: value for name, value in shared.items() if any(word in name for word in _SECRET_WORDS)
    }
    return {name: value for name, value in shared.items() if name not in secret}, secret


def user_agent(shared: dict[str, str]) -> str | None:
    """Takes the user agent out of the headers.

    Args:
        shared: Headers by lower-case name.
    """
    return shared.pop(_USER_AGENT, None)


def _without(request: Request, shared: Mapping[str, str]) -> Request:
    own = {name: value for name, value in (request.headers or {}).items() if name not in shared}
    values = {**vars(request), "headers": own or None}
    return Request(**values)


@dataclasses.dataclass(frozen=True)
class _Slot:
    """Where the number or cursor of a page goes.

    Attributes:
        name: As the library calls it.
        mark: Changes a request as dlt's paginator does, with the marker as the value.
        first: The value of the first page, `None` if that has none.
        parameter: The query parameter, `None` if it goes into the body.
    """

    name: str
    mark: Callable[[requests.Request], None]
    first: int | None = None
    parameter: str | None = None


def _slots(paginator: BasePaginator | None) -> list[_Slot]:
    if paginator is None:
        # What dlt's detection may choose, with the defaults that it gives them. The first request
        # was sent without a page.
        page = _counted_slot("page", PageNumberPaginator())
        cursor = _referenced_slot(JSONResponseCursorPaginator())
        return [dataclasses.replace(page, first=None), cursor]
    if isinstance(paginator, PageNumberPaginator):
        return [_counted_slot("page", paginator)]
    if isinstance(paginator, OffsetPaginator):
        return [_counted_slot("offset", paginator)]
    if isinstance(paginator, (JSONResponseCursorPaginator, HeaderCursorPaginator)):
        return [_referenced_slot(paginator)]
    return []


def _counted_slot(name: str, paginator: Any) -> _Slot:
    marked = copy.deepcopy(paginator)
    marked.current_value = _MARKER
    return _Slot(name, marked.update_request, paginator.initial_value, paginator.param_name)


def _referenced_slot(paginator: Any) -> _Slot:
    marked = copy.deepcopy(paginator)
    marked._next_reference = _MARKER
    return _Slot("cursor", marked.update_request, parameter=paginator.cursor_param)


def _appended(url: str, slot: _Slot) -> list[Any]:
    """The template with a parameter more: `requests` writes it behind the others."""
    address, mark, fragment = url.partition("#")
    separator = "&" if urlsplit(address).query else "?"
    value = {"slot": slot.name, "encoding": "query"}
    before = f"{address}{separator}{quote_plus(slot.parameter or '')}="
    return [before, value, mark + fragment] if mark else [before, value]


def _copy(request: requests.Request) -> requests.Request:
    copied = copy.copy(request)
    params: Any = request.params or {}
    copied.params = dict(params)
    copied.json = copy.deepcopy(request.json)
    return copied


def _cut(text: str, marker: str, slot: str, encoding: str) -> Any:
    parts = text.split(marker)
    if len(parts) == 1:
        return text
    template: list[Any] = [parts[0]]
    for part in parts[1:]:
        template += [{"slot": slot, "encoding": encoding}, part]
    return [part for part in template if part != ""]


def bare(url: str | None) -> str:
    """The URL without user and password, which travel in a header."""
    parts = urlsplit(url or "")
    if "@" not in parts.netloc:
        return url or ""
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _text(body: Any) -> str | None:
    if body is None or isinstance(body, str):
        return body
    if isinstance(body, bytes):
        try:
            return body.decode()
        except UnicodeDecodeError:
            raise NotNative("a request's body is not text") from None
    raise NotNative("a request's body is a stream")


def _text_headers(headers: Mapping[Any, Any]) -> dict[str, str]:
    return {_header_text(name).lower(): _header_text(value) for name, value in headers.items()}


def _header_text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def json_text(fields: Mapping[str, Any]) -> str | None:
    """The text of a JSON object, `None` if it is empty.

    Args:
        fields: Its members.

    Raises:
        NotNative: A value is none that JSON has.
    """
    if not fields:
        return None
    try:
        return json.dumps(fields, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise NotNative(f"a field of its parent is no JSON value: {error}") from error


def urls(made: Iterable[Request]) -> list[str]:
    """The URLs of requests.

    Args:
        made: The requests.
    """
    return [request.url for request in made]
