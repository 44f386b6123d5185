# SPDX-License-Identifier: Apache-2.0
"""An endpoint as dlt has set it up, and the options of a source that reads it natively."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Callable

from dlt.sources.helpers.rest_client.paginators import (
    BasePaginator,
    HeaderCursorPaginator,
    HeaderLinkPaginator,
    JSONLinkPaginator,
    JSONResponseCursorPaginator,
    JSONResponsePaginator,
    OffsetPaginator,
    PageNumberPaginator,
    RangePaginator,
    SinglePagePaginator,
)

from dlt_java.rest_api._client import ResponseHooks, WatchedClient
from dlt_java.rest_api._native import NotNative
from dlt_java.rest_api._paths import Path, keys, steps


@dataclasses.dataclass(frozen=True)
class Endpoint:
    """What dlt would fetch, before placeholders are filled in.

    The members are the arguments of dlt's own generator functions.
    """

    method: Any
    path: str
    headers: Any
    params: Any
    json: Any
    data: Any
    paginator: BasePaginator | None
    data_selector: Any
    hooks: Any
    client: WatchedClient

    @classmethod
    def of(cls, arguments: Mapping[str, Any]) -> Endpoint:
        """The endpoint among the arguments of one of dlt's generator functions.

        Args:
            arguments: Their values by name.
        """
        values: dict[str, Any] = {
            field.name: arguments.get(field.name) for field in dataclasses.fields(cls)
        }
        return cls(**values)

    @property
    def effective_paginator(self) -> BasePaginator | None:
        """The endpoint's own paginator, or the client's; `None` for dlt's detection."""
        return self.paginator if self.paginator else self.client.paginator

    def options(self) -> dict[str, Any]:
        """Options of a source: paginator, records, response actions.

        Raises:
            NotNative: The endpoint needs dlt's own client.
        """
        if self.client.has_custom_session:
            raise NotNative("its client has a session of its own")
        options = {"paginator": _paginator(self.effective_paginator), **self._records()}
        actions = self._response_actions()
        if actions:
            options["response_actions"] = actions
        return options

    def _records(self) -> dict[str, Any]:
        if not self.data_selector:
            return {"records": "detect"}
        return {
            "records": "path",
            "record_path": keys(self.data_selector, "data selector"),
            # No match and null are an empty page for dlt.
            "missing_records": "empty",
        }

    def _response_actions(self) -> list[dict[str, Any]]:
        if not self.hooks:
            return []
        if not isinstance(self.hooks, ResponseHooks):
            raise NotNative("it has response hooks")
        return [
            native for action in self.hooks.actions for native in _response_action(action) if native
        ]


def _response_action(action: Any) -> Sequence[dict[str, Any]]:
    if callable(action) or not isinstance(action.get("action"), str):
        raise NotNative("a response action is a function")
    status, content = action.get("status_code"), action.get("content")
    if isinstance(status, int) and 300 <= status < 400:
        raise NotNative("a response action is for redirects")
    never = status is not None and not isinstance(status, int)
    if action["action"] != "ignore" or never or (status is None and content is None):
        # dlt does nothing for these.
        return []
    given = {"status_code": status, "content": content}
    return [{name: value for name, value in given.items() if value is not None}]


def _paginator(paginator: BasePaginator | None) -> dict[str, Any]:
    if paginator is None:
        return {"type": "auto"}
    translate = _TRANSLATIONS.get(type(paginator))
    if translate is None:
        raise NotNative(f"its paginator is a `{type(paginator).__name__}`")
    return translate(paginator)


def _single_page(_: Any) -> dict[str, Any]:
    return {"type": "single_page"}


def _json_link(paginator: Any) -> dict[str, Any]:
    path = steps(paginator.next_url_path, "path of the next URL")
    return {"type": "json_link", "next_url_path": path}


def _header_link(paginator: Any) -> dict[str, Any]:
    return {"type": "header_link", "links_next_key": paginator.links_next_key}


def _header_cursor(paginator: Any) -> dict[str, Any]:
    return {"type": "header_cursor", "cursor_key": paginator.cursor_key}


def _cursor(paginator: Any) -> dict[str, Any]:
    return {
        "type": "cursor",
        "cursor_path": steps(paginator.cursor_path, "path of the cursor"),
        "stop_after_empty_page": bool(paginator.stop_after_empty_page),
        "has_more_path": _optional_path(paginator.has_more_path),
    }


def _range(paginator: RangePaginator) -> dict[str, Any]:
    return {
        "total_path": _optional_path(paginator.total_path),
        "stop_after_empty_page": bool(paginator.stop_after_empty_page),
        "has_more_path": _optional_path(paginator.has_more_path),
    }


def _offset(paginator: Any) -> dict[str, Any]:
    return {
        "type": "offset",
        "offset": _integer(paginator.initial_value),
        "limit": _integer(paginator.value_step),
        "maximum_offset": _optional_integer(paginator.maximum_value),
        **_range(paginator),
    }


def _page_number(paginator: Any) -> dict[str, Any]:
    return {
        "type": "page_number",
        "base_page": _integer(paginator.base_index),
        "page": _integer(paginator.initial_value),
        "maximum_page": _optional_integer(paginator.maximum_value),
        **_range(paginator),
    }


_TRANSLATIONS: dict[type[BasePaginator], Callable[[Any], dict[str, Any]]] = {
    SinglePagePaginator: _single_page,
    JSONLinkPaginator: _json_link,
    JSONResponsePaginator: _json_link,
    HeaderLinkPaginator: _header_link,
    HeaderCursorPaginator: _header_cursor,
    JSONResponseCursorPaginator: _cursor,
    OffsetPaginator: _offset,
    PageNumberPaginator: _page_number,
}


def _optional_path(path: Any) -> Path | None:
    return None if path is None else steps(path, "path")


def _integer(value: Any) -> int:
    if type(value) is not int:
        raise NotNative(f"its paginator counts with `{value!r}`")
    return value


def _optional_integer(value: Any) -> int | None:
    return None if value is None else _integer(value)
