"""What dlt's own client reads in our source, why, and that it loads the same."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from dlt.common.configuration import configspec
from dlt.sources.helpers.rest_client.auth import AuthConfigBase, BearerTokenAuth
from dlt.sources.helpers.rest_client.paginators import BasePaginator, JSONLinkPaginator
from dlt.sources.rest_api import config_setup
from replica import Replica
from rest_api_loads import Config, Loads

import dlt_java.rest_api

# dlt leaves the sockets of its own clients to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
)


class OwnPaginator(JSONLinkPaginator):
    """A paginator that the library cannot know."""


@configspec
class OwnAuth(AuthConfigBase):
    """Signs each request."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Adds the header."""
        request.headers["Authorization"] = "Bearer bearer-secret"
        return request


@configspec
class Renamed(BearerTokenAuth):
    """Does to a request what dlt's own class does."""


def config(replica: Replica, endpoint: dict[str, Any], **resource: Any) -> Config:
    client = {"base_url": replica.rest_url, **endpoint.pop("client", {})}
    return {"client": client, "resources": [{"name": "posts", "endpoint": endpoint, **resource}]}


def drop_note(response: requests.Response, *_: Any, **__: Any) -> None:
    response._content = response.content.replace(b'"note"', b'"remark"')


@pytest.mark.parametrize(
    ("endpoint", "resource", "reason"),
    [
        ({"path": "json-link/posts", "paginator": OwnPaginator()}, {}, "`OwnPaginator`"),
        ({"path": "auth/bearer/posts", "auth": OwnAuth()}, {}, "`OwnAuth`"),
        ({"path": "pages/posts", "response_actions": [drop_note]}, {}, "function"),
        (
            {"path": "posts", "response_actions": [{"status_code": 200, "action": drop_note}]},
            {},
            "function",
        ),
        ({"path": "posts", "client": {"session": requests.Session()}}, {}, "session"),
        ({"path": "pages/posts", "data_selector": "items[*]"}, {}, "data selector"),
        ({"path": "pages/posts", "paginator": "page_number", "data_selector": "$..id"}, {}, "keys"),
        (
            {"path": "posts"},
            {"processing_steps": [{"filter": lambda r: r["id"] < 4}]},
            "FilterItem",
        ),
        ({"path": "posts"}, {"processing_steps": [{"map": lambda r: {"a": r["id"]}}]}, "MapItem"),
        (
            {"path": "posts"},
            {"processing_steps": [{"yield_map": lambda r: iter([r, r])}]},
            "YieldMapItem",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_dlts_own_client_reads_what_needs_python(
    replica: Replica,
    loads: Loads,
    endpoint: dict[str, Any],
    resource: dict[str, Any],
    reason: str,
) -> None:
    given = config(replica, dict(endpoint), **resource)

    ours, _ = loads.both(given, dlt_rows=["posts"])

    assert reason in ours.stats["posts"]["reason"]


@pytest.mark.parametrize(
    "change",
    [
        lambda source: source.posts.add_map(lambda row: {**row, "more": 1}),
        lambda source: source.posts.add_filter(lambda row: row["id"] > 20),
        lambda source: source.posts.add_yield_map(lambda row: iter([row])),
        lambda source: source.add_limit(2),
        lambda source: source.posts.apply_hints(table_name=lambda row: f"posts_{row['id'] % 2}"),
    ],
)
def test_steps_that_the_caller_adds_get_rows(replica: Replica, loads: Loads, change: Any) -> None:
    given = config(replica, {"path": "pages/posts", "paginator": "page_number"})

    loads.both(given, dlt_rows=["posts"], change=change)


def test_a_registered_paginator_and_a_registered_auth(
    replica: Replica, loads: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config_setup, "PAGINATOR_MAP", dict(config_setup.PAGINATOR_MAP))
    monkeypatch.setitem(config_setup.PAGINATOR_MAP, "json_link", OwnPaginator)
    assert issubclass(OwnPaginator, BasePaginator)
    given = config(replica, {"path": "json-link/posts", "paginator": {"type": "json_link"}})

    loads.both(given, dlt_rows=["posts"])


def test_a_subclass_that_changes_nothing_is_native(replica: Replica, loads: Loads) -> None:
    given = config(
        replica,
        {"path": "auth/bearer/pages/posts", "paginator": "page_number"},
    )
    given["client"]["auth"] = Renamed("bearer-secret")

    loads.both(given)


def test_outside_of_a_run_resources_yield_rows(replica: Replica) -> None:
    given: Any = config(replica, {"path": "pages/posts", "paginator": "page_number"})
    given["resources"].append(
        {"name": "comments", "endpoint": "posts/{resources.posts.id}/comments"}
    )
    source = dlt_java.rest_api.rest_api_source(given)

    rows = list(source.with_resources("posts"))

    assert [row["id"] for row in rows] == list(range(1, 26))
    assert len(list(source.with_resources("comments"))) == sum(max(1, n % 10) for n in range(1, 26))


def test_resources_that_mix_load_together(replica: Replica, loads: Loads) -> None:
    given = config(replica, {"path": "pages/posts", "paginator": "page_number"})
    given["resources"].append(
        {
            "name": "others",
            "endpoint": {"path": "pages/posts", "paginator": "page_number"},
            "processing_steps": [{"map": lambda row: row}],
        }
    )

    loads.both(given, dlt_rows=["others"])


def test_the_reason_is_logged_once(
    replica: Replica, loads: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dlt.common.logger

    seen: list[str] = []
    monkeypatch.setattr(dlt.common.logger, "info", lambda text, *_, **__: seen.append(text))
    given = config(replica, {"path": "json-link/posts", "paginator": OwnPaginator()})

    loads.ours(given)

    assert len([text for text in seen if "dlt's own client reads `posts`" in text]) == 1


def test_check_connection(replica: Replica) -> None:
    given: Any = config(replica, {"path": "auth/bearer/pages/posts", "paginator": "page_number"})
    given["client"]["auth"] = {"token": "bearer-secret"}
    good = dlt_java.rest_api.rest_api_source(given)
    given["client"]["auth"] = {"token": "wrong"}
    wrong = dlt_java.rest_api.rest_api_source(given)

    assert dlt_java.rest_api.check_connection(good, "posts") == (True, "")
    works, message = dlt_java.rest_api.check_connection(wrong, "posts")
    assert not works
    assert "401" in message
