"""Prepared requests and the templates of later pages, against what dlt's own client prepares."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from dlt.sources.helpers.rest_client.paginators import (
    HeaderCursorPaginator,
    JSONResponseCursorPaginator,
    OffsetPaginator,
    PageNumberPaginator,
    SinglePagePaginator,
)

from dlt_java.options import Request
from dlt_java.rest_api._client import WatchedClient
from dlt_java.rest_api._endpoint import Endpoint
from dlt_java.rest_api._native import NotNative
from dlt_java.rest_api._paths import keys, steps
from dlt_java.rest_api._requests import Requests, json_text, secret_headers, shared_headers

BASE = "http://localhost:1/api/v1"


def endpoint(paginator: Any = None, method: str = "GET", **client: Any) -> Endpoint:
    made = WatchedClient(base_url=BASE, **client)
    return Endpoint(method, "", None, None, None, None, paginator, None, None, made)


def first(target: Endpoint, path: str = "posts", **parts: Any) -> Request:
    given = {"headers": None, "params": {}, "body": None, "data": None, **parts}
    return Requests(target, "posts").first(path, **given)


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("posts", {}),
        ("/posts/", {"q": "a b", "list": ["x", "y"], "none": None, "t": True, "f": 1.5}),
        ("posts/ü x/%20?a=1&b", {"c": "é&=+/"}),
        ("http://other.example/a?b#c", {"d": "e"}),
        ("posts?page=1", {"page": 2}),
        ("", {"x": ""}),
    ],
)
def test_urls_are_those_of_requests(path: str, params: dict[str, Any]) -> None:
    target = endpoint(SinglePagePaginator())
    unsent = target.client._create_request(path, "GET", params=params)

    made = first(target, path, params=params)

    assert made.url == target.client.session.prepare_request(unsent).url


PAGINATORS: list[Any] = [
    PageNumberPaginator(),
    PageNumberPaginator(base_page=1, page_param="p q", total_path="t"),
    PageNumberPaginator(page_body_path="paging.page"),
    OffsetPaginator(limit=10, offset_param="from"),
    OffsetPaginator(limit=10, offset_body_path="o", limit_body_path="paging.limit"),
    JSONResponseCursorPaginator(cursor_param="after"),
    JSONResponseCursorPaginator(cursor_body_path="paging.cursor"),
    HeaderCursorPaginator(cursor_param="c"),
]
BODIES: list[dict[str, Any]] = [
    {},
    {"params": {"size": 5, "q": "a/ü b", "z": "1"}},
    {"body": {"filter": {"x": [1, "ü"]}, "paging": {"size": 3}}, "params": {"a": "b"}},
]


@pytest.mark.parametrize("paginator", PAGINATORS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("parts", BODIES)
@pytest.mark.parametrize("value", [7, "a b/ü+&=%", "x" * 100])
def test_later_pages_are_asked_for_as_dlt_asks(
    paginator: Any, parts: dict[str, Any], value: Any
) -> None:
    counts = hasattr(paginator, "current_value")
    if counts and not isinstance(value, int):
        value = len(value)
    target = endpoint(paginator, "POST")
    # dlt's own way: the request is changed again and again.
    theirs = copy.deepcopy(paginator)
    unsent = target.client._create_request(
        "posts", "POST", params=copy.deepcopy(parts.get("params", {})),
        json=copy.deepcopy(parts.get("body")),
    )  # fmt: skip
    theirs.init_request(unsent)
    expected = target.client.session.prepare_request(unsent)
    setattr(theirs, "current_value" if counts else "_next_reference", value)
    theirs.update_request(unsent)
    expected_next = target.client.session.prepare_request(unsent)

    made = first(target, **copy.deepcopy(parts))

    assert (made.url, made.body) == (expected.url, _text(expected.body))
    assert made.following is not None
    (template,) = made.following.values()
    assert _filled(template["url"], value) == expected_next.url
    body = _filled(template["body"], value) if "body" in template else made.body
    assert body == _text(expected_next.body)


def test_detection_has_templates_for_what_it_may_find() -> None:
    made = first(endpoint(), params={"a": "b"})

    assert made.url == f"{BASE}/posts?a=b"
    assert made.following is not None
    assert _filled(made.following["page"]["url"], 2) == f"{BASE}/posts?a=b&page=2"
    assert _filled(made.following["cursor"]["url"], "x y") == f"{BASE}/posts?a=b&cursor=x+y"


@pytest.mark.parametrize(
    ("parts", "body", "kind"),
    [
        ({"body": {"a": 1}}, '{"a": 1}', "application/json"),
        ({"data": {"a": "b c", "d": ["e", "f"]}}, "a=b+c&d=e&d=f", "application/x-www-form-"),
        ({"data": "plain ü"}, "plain ü", None),
        ({"data": b"bytes"}, "bytes", None),
        ({}, None, None),
    ],
)
def test_bodies_are_text(parts: dict[str, Any], body: Any, kind: Any) -> None:
    made = first(endpoint(SinglePagePaginator(), "POST"), **parts)

    assert made.body == body
    sent = (made.headers or {}).get("content-type")
    assert sent == kind or (sent and kind and sent.startswith(kind))
    assert "content-length" not in (made.headers or {})


@pytest.mark.parametrize("data", [iter([b"a"]), b"\xff"])
def test_bodies_that_are_not_text_are_left_to_dlt(data: Any) -> None:
    with pytest.raises(NotNative, match="body"):
        first(endpoint(SinglePagePaginator(), "POST"), data=data)


def test_secrets_are_no_part_of_a_request(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login me password netrc-secret")
    monkeypatch.setenv("NETRC", str(netrc))
    with_auth = first(endpoint(SinglePagePaginator(), auth=BearerTokenAuth("my-secret")))
    from_netrc = first(endpoint(SinglePagePaginator()))
    in_url = first(endpoint(SinglePagePaginator()), "http://user:url-secret@localhost/x")

    assert "authorization" not in (with_auth.headers or {})
    assert in_url.url == "http://localhost/x"
    for request in (from_netrc, in_url):
        headers, secret = secret_headers(request.headers or {})
        assert list(secret) == ["authorization"]
        assert "authorization" not in headers


def test_headers_that_all_requests_have_are_written_once() -> None:
    target = endpoint(SinglePagePaginator(), headers={"X-Client": "a"})
    made = [first(target, headers={"X-Own": str(number)}) for number in range(3)]

    shared, rest = shared_headers(made)

    assert shared["x-client"] == "a"
    assert [request.headers for request in rest] == [{"x-own": str(n)} for n in range(3)]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$", []),
        ("a", ["a"]),
        ("$.a.b", ["a", "b"]),
        ("'a.b'.c", ["a.b", "c"]),
        ("a[0].b", ["a", 0, "b"]),
        ("a.[2]", ["a", 2]),
    ],
)
def test_plain_paths_are_taken_apart(path: str, expected: list[Any]) -> None:
    assert steps(path, "path") == expected


@pytest.mark.parametrize("path", ["*", "a[*]", "$..a", "a[-1]", "a[0:2]", "a,b", "a[?(@.b > 1)]"])
def test_other_paths_are_left_to_dlt(path: str) -> None:
    with pytest.raises(NotNative, match="path"):
        steps(path, "path")


def test_a_position_is_no_key() -> None:
    with pytest.raises(NotNative, match="position"):
        keys("a[0]", "data selector")


@pytest.mark.parametrize("value", [object(), float("nan"), {1, 2}])
def test_fields_that_json_lacks_are_left_to_dlt(value: Any) -> None:
    with pytest.raises(NotNative, match="parent"):
        json_text({"_posts_id": value})


def _text(body: Any) -> Any:
    return body.decode() if isinstance(body, bytes) else body


def _filled(template: Any, value: Any) -> str:
    if isinstance(template, str):
        return template
    encodings = {"query": lambda: quote_plus(str(value)), "json": lambda: json.dumps(value)}
    return "".join(
        part if isinstance(part, str) else encodings[part["encoding"]]() for part in template
    )
