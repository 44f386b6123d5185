"""Our REST API source against dlt's: every style of paging, records, authentication and body."""

from __future__ import annotations

from typing import Any

import pytest
from dlt.common import logger
from dlt.sources.helpers.rest_client.auth import (
    APIKeyAuth,
    BearerTokenAuth,
    HttpBasicAuth,
    OAuth2AuthBase,
    OAuth2ClientCredentials,
)
from dlt.sources.helpers.rest_client.paginators import PageNumberPaginator
from replica import Replica
from rest_api_loads import Loads

# dlt leaves the sockets of its own clients to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
)


def config(replica: Replica, *resources: Any, **client: Any) -> dict[str, Any]:
    return {"client": {"base_url": replica.rest_url, **client}, "resources": list(resources)}


def posts(path: str, paginator: Any = None, **endpoint: Any) -> dict[str, Any]:
    return {
        "name": "posts",
        "endpoint": {"path": path, "paginator": paginator or "auto", **endpoint},
    }


OFFSET = {"type": "offset", "limit": 4}
PAGES = {"type": "page_number"}
CURSOR = {"type": "cursor"}


@pytest.mark.parametrize(
    ("resource", "page_count"),
    [
        (posts("posts", "single_page"), 1),
        (posts("json-link/posts", {"type": "json_link", "next_url_path": "next"}), 5),
        (posts("json-link/posts?relative=1", {"type": "json_link"}), 5),
        (posts("json-link/posts?size=25", "json_link"), 1),
        (posts("header-link/posts", "header_link"), 5),
        (posts("header-link/posts", {"type": "header_link", "links_next_key": "next"}), 5),
        (posts("header-cursor/posts", "header_cursor"), 5),
        (posts("header-cursor/posts", {"type": "header_cursor", "cursor_param": "cursor"}), 5),
        (posts("cursor/posts", "cursor"), 5),
        (posts("cursor/posts", {**CURSOR, "stop_after_empty_page": True}, params={"of": 0}), 1),
        (posts("cursor/posts", {**CURSOR, "has_more_path": "has_more"}, params={"more": 1}), 5),
        (posts("cursor/posts", {**CURSOR, "cursor_path": "cursors.next"}, params={"q": "ü &"}), 5),
        (posts("offset/posts", OFFSET), 7),
        (posts("offset/posts", {**OFFSET, "offset": 3}), 6),
        (posts("offset/posts", {**OFFSET, "maximum_offset": 12}), 3),
        (
            posts("offset/posts", {**OFFSET, "total_path": None, "has_more_path": "has_more"},
                  params={"total": "no", "more": 1}),
            7,
        ),
        (posts("pages/posts", PAGES), 5),
        (posts("pages/posts", {**PAGES, "page": 2}), 3),
        (posts("pages/posts", {**PAGES, "base_page": 1}, params={"first": 1}), 5),
        (posts("pages/posts", {**PAGES, "maximum_page": 2, "total_path": None}), 2),
        (
            posts("pages/posts", {**PAGES, "total_path": None, "has_more_path": "has_more"},
                  params={"total": "no", "more": 1}),
            5,
        ),
        (posts("pages/posts", PAGES, params={"of": 0}), 1),
        (posts("pages/posts", PageNumberPaginator(base_page=0, total_path="total")), 5),
    ],
    ids=lambda value: value["endpoint"]["path"] if isinstance(value, dict) else str(value),
)  # fmt: skip
def test_each_style_of_paging_loads_what_dlt_loads(
    replica: Replica, loads: Loads, resource: dict[str, Any], page_count: int
) -> None:
    ours, _ = loads.both(config(replica, resource), pages_ahead=0)

    assert len(ours.requests) == page_count


@pytest.mark.parametrize(
    ("path", "paginator"),
    [("pages/posts", PAGES), ("pages/posts?of=0", PAGES), ("offset/posts", OFFSET)],
)
def test_no_page_beyond_a_known_end_is_fetched(
    replica: Replica, loads: Loads, path: str, paginator: Any
) -> None:
    loads.both(config(replica, posts(path, paginator)))


@pytest.mark.parametrize(
    ("path", "page_count"),
    [
        ("json-link/posts", 5),
        ("json-link/posts?relative=1", 5),
        ("header-link/posts", 5),
        ("cursor/posts", 5),
        ("posts", 1),
        ("posts/7", 1),
        ("pages/posts", 1),
    ],
)
def test_paging_and_records_are_found_as_dlt_finds_them(
    replica: Replica, loads: Loads, path: str, page_count: int
) -> None:
    ours, _ = loads.both(config(replica, {"name": "posts", "endpoint": path}))

    assert len(ours.requests) == page_count


@pytest.mark.parametrize("ahead", [0, 1, 8])
@pytest.mark.parametrize(
    ("path", "paginator"),
    [
        ("pages/posts?total=no&of=33", {"type": "page_number", "total_path": None}),
        ("offset/posts?total=no&of=33", {"type": "offset", "limit": 4, "total_path": None}),
    ],
)
def test_pages_that_are_fetched_ahead_are_not_loaded(
    replica: Replica, loads: Loads, path: str, paginator: Any, ahead: int
) -> None:
    ours, theirs = loads.both(
        config(replica, posts(path, paginator)), same_requests=ahead == 0, pages_ahead=ahead
    )

    # Ahead of the end, never before it.
    assert set(theirs.targets()) <= set(ours.targets())
    assert ours.count("posts") == 33


def test_the_clients_paginator_and_the_defaults_are_used(replica: Replica, loads: Loads) -> None:
    given = config(
        replica,
        "pages/posts",
        {"name": "some", "endpoint": {"path": "pages/posts", "params": {"of": 7}}},
        paginator={"type": "page_number", "total_path": "total"},
    )
    given["resource_defaults"] = {
        "primary_key": "id",
        "write_disposition": "merge",
        "endpoint": {"params": {"size": 10, "note": "a b&c=d/ü"}},
    }
    given["resources"][0] = {"name": "posts", "endpoint": "pages/posts"}

    ours, _ = loads.both(given)

    assert "/rest/pages/posts?size=10&note=a+b%26c%3Dd%2F%C3%BC&page=0" in ours.targets()


@pytest.mark.parametrize("selector", ["items", "$.items", "missing", "total", "$", "items[0]"])
def test_records_are_where_the_data_selector_says(
    replica: Replica, loads: Loads, selector: str
) -> None:
    resource = posts("pages/posts", "single_page", data_selector=selector)

    loads.both(config(replica, resource), dlt_rows=["posts"] if selector == "items[0]" else [])


@pytest.mark.parametrize(
    ("kind", "auth"),
    [
        ("bearer", {"token": "bearer-secret"}),
        ("bearer", {"type": "bearer", "token": "bearer-secret"}),
        ("bearer", BearerTokenAuth("bearer-secret")),
        ("bearer", OAuth2AuthBase("bearer-secret")),
        ("api-key-header", {"type": "api_key", "name": "X-Api-Key", "api_key": "key secret/+"}),
        ("api-key-header", APIKeyAuth("X-Api-Key", "key secret/+")),
        (
            "api-key-query",
            {"type": "api_key", "name": "api_key", "api_key": "key secret/+", "location": "query"},
        ),
        ("basic", {"type": "http_basic", "username": "user", "password": "basic:secret"}),
        ("basic", HttpBasicAuth("user", "basic:secret")),
    ],
)
@pytest.mark.parametrize("style", ["json-link", "pages"])
def test_each_kind_of_credentials_is_sent(
    replica: Replica, loads: Loads, kind: str, auth: Any, style: str
) -> None:
    paginator = "json_link" if style == "json-link" else PAGES
    resource = posts(f"auth/{kind}/{style}/posts", paginator)

    # Where the key comes among the parameters is not the same.
    ours, theirs = loads.both(
        config(replica, resource, auth=auth), same_requests=kind != "api-key-query"
    )

    assert len(ours.requests) == len(theirs.requests) == 5


def credentials(replica: Replica, lifetime: int) -> dict[str, Any]:
    return {
        "type": "oauth2_client_credentials",
        "access_token_url": f"{replica.rest_url}auth/token?lifetime={lifetime}",
        "client_id": "client",
        "client_secret": "client-secret",
    }


def test_a_token_is_asked_for_once(replica: Replica, loads: Loads) -> None:
    resource = posts("auth/oauth/pages/posts", PAGES)

    ours, _ = loads.both(config(replica, resource, auth=credentials(replica, 3600)))

    assert len([one for one in ours.requests if "auth/token" in one.target]) == 1


def test_a_token_that_ends_at_once_is_asked_for_with_each_request(
    replica: Replica, loads: Loads
) -> None:
    resource = posts("auth/oauth/pages/posts", PAGES)
    given = config(replica, resource, auth=credentials(replica, 1))

    loads.both(given, dlt_rows=["posts"], same_requests=False)


def test_a_token_is_refreshed_before_it_ends(replica: Replica, loads: Loads) -> None:
    # Each answer takes so long that the pages need more than one token.
    replica.faults("/rest/auth/oauth/* always delay millis=900")
    auth = OAuth2ClientCredentials(
        access_token_url=f"{replica.rest_url}auth/token?lifetime=3",
        client_id="client",
        client_secret="client-secret",
    )
    resource = posts("auth/oauth/json-link/posts", "json_link")

    ours = loads.ours(config(replica, resource, auth=auth))

    assert ours.count("posts") == 25
    assert ours.stats["posts"]["is_native"]
    assert len([one for one in ours.requests if "auth/token" in one.target]) > 1


def test_an_endpoints_auth_wins_over_the_clients(replica: Replica, loads: Loads) -> None:
    resource = posts(
        "auth/bearer/pages/posts", PAGES, auth={"type": "bearer", "token": "bearer-secret"}
    )

    loads.both(config(replica, resource, auth={"token": "wrong"}))


def test_wrong_credentials_are_named_without_the_secret(replica: Replica, loads: Loads) -> None:
    with pytest.raises(Exception, match="401") as raised:
        loads.ours(config(replica, posts("auth/bearer/posts"), auth={"token": "very-secret-9"}))
    assert "very-secret-9" not in str(raised.value)


def test_headers_are_those_that_dlt_sends(replica: Replica, loads: Loads) -> None:
    resource = posts(
        "pages/posts", "single_page", headers={"X-Own": "ü".encode().decode("latin-1")}
    )
    given = config(replica, resource, headers={"X-Client": "a, b", "Accept": "application/json"})

    ours, theirs = loads.both(given)

    different = {"accept-encoding", "connection", "host"}
    sent = {name: value for name, value in ours.requests[0].headers.items()}
    for name, value in theirs.requests[0].headers.items():
        assert name in different or sent[name] == value, name


@pytest.mark.parametrize(
    ("path", "paginator", "body"),
    [
        ("search", "single_page", {"json": {"query": "Post 1", "of": 30}}),
        ("search", "single_page", {"data": '{{"query": "Post 2"}}'}),
        ("pages/posts", {"type": "page_number", "page_body_path": "page"}, {"json": {"size": 7}}),
        (
            "offset/posts",
            {
                "type": "offset",
                "limit": 10,
                "offset_body_path": "paging.offset",
                "limit_body_path": "paging.limit",
            },
            {"json": {"filter": {"name": 'q"ü\\', "list": [1, 2.5, None, True]}}},
        ),
        (
            "cursor/posts",
            {"type": "cursor", "cursor_body_path": "paging.cursor"},
            {"json": {"query": "x"}},
        ),
        ("cursor/posts", {"type": "cursor", "cursor_body_path": "cursor"}, {}),
        ("cursor/posts", {"type": "cursor"}, {"data": {"a": "b c", "d": "é"}}),
    ],
)
def test_bodies_are_posted_and_paged(
    replica: Replica, loads: Loads, path: str, paginator: Any, body: dict[str, Any]
) -> None:
    loads.both(config(replica, posts(path, paginator, method="POST", **body)))


@pytest.mark.parametrize(
    "actions",
    [
        [{"status_code": 404, "action": "ignore"}],
        [{"content": "not found", "action": "ignore"}],
        [{"status_code": 404, "content": "found", "action": "ignore"}],
        [{"status_code": 500, "action": "ignore"}, {"status_code": 404, "action": "ignore"}],
    ],
)
def test_ignored_responses_load_nothing(
    replica: Replica, loads: Loads, actions: list[dict[str, Any]]
) -> None:
    given = config(
        replica,
        posts("pages/posts", PAGES),
        {
            "name": "missing",
            "endpoint": {"path": "nowhere/posts", "response_actions": actions},
        },
    )

    loads.both(given)


@pytest.mark.parametrize("selected", [["posts"], ["search"], ["posts", "search"]])
def test_only_selected_resources_are_read(
    replica: Replica, loads: Loads, selected: list[str]
) -> None:
    given = config(
        replica,
        posts("pages/posts", PAGES),
        {"name": "search", "endpoint": {"path": "search", "method": "POST"}},
    )

    loads.both(given, selected)


def test_hints_name_tables_columns_and_nesting(replica: Replica, loads: Loads) -> None:
    resource = {
        **posts("pages/posts", PAGES),
        "table_name": "Articles",
        "primary_key": "id",
        "columns": {"score": {"data_type": "double"}, "note": {"data_type": "text"}},
        "max_table_nesting": 0,
    }

    loads.both(config(replica, resource))


@pytest.mark.parametrize("disposition", ["append", "replace", "merge"])
def test_dispositions_hold_over_two_runs(replica: Replica, loads: Loads, disposition: str) -> None:
    resource = {
        **posts("pages/posts", PAGES),
        "primary_key": "id",
        "write_disposition": disposition,
    }
    given = config(replica, resource)

    for count in (12, 20):
        given["resources"][0]["endpoint"]["params"] = {"of": count}
        loads.both(given)


def test_keys_and_types_give_no_warnings(
    replica: Replica, loads: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(logger, "warning", lambda text, *_, **__: seen.append(str(text)))
    resource = {
        **posts("pages/posts", PAGES),
        "primary_key": ["id", "title"],
        "columns": {"score": {"data_type": "double"}},
        "max_table_nesting": 0,
    }

    ours = loads.ours(config(replica, resource))

    assert ours.stats["posts"]["is_native"]
    assert [text for text in seen if "column hints" in text] == []


def test_stats_tell_what_each_resource_did(replica: Replica, loads: Loads) -> None:
    replica.faults("/rest/pages/posts 1 status code=503")

    ours = loads.ours(config(replica, posts("pages/posts", PAGES)))

    counted = ours.stats["posts"]
    assert counted["rows"] == 25
    assert counted["requests"] == 5
    assert counted["retries"] == 1
    assert counted["body_bytes"] > 1000
    assert counted["is_native"]
