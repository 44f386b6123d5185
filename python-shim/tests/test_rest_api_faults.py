"""Servers that fail, hang, lie or never end."""

from __future__ import annotations

from typing import Any

import pytest
from replica import Replica
from rest_api_loads import Config, Loads

from dlt_java.exceptions import DltJavaException

# dlt leaves the sockets of its own clients to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
)

PAGES = {"type": "page_number"}


def config(replica: Replica, path: str, paginator: Any = None) -> Config:
    endpoint = {"path": path, "paginator": paginator or PAGES}
    resource = {"name": "posts", "endpoint": endpoint}
    return {"client": {"base_url": replica.rest_url}, "resources": [resource]}


@pytest.mark.parametrize(
    "rule",
    [
        "/rest/pages/posts 1 status code=500",
        "/rest/pages/posts?page=2 1 status code=429",
        "/rest/pages/posts?page=2 1 status code=429 retry-after=0",
        "/rest/pages/posts?page=2 1 refuse",
        "/rest/pages/posts?page=2 1 reset after=40",
        "/rest/pages/posts?page=2 1 cut after=40",
        "/rest/pages/posts?page=1 1 chunked piece=10",
        "/rest/pages/posts?page=1 1 slow-body piece=100 millis=5",
        "/rest/pages/posts?page=1 1 close-after",
    ],
)
def test_faults_that_pass_lose_nothing(replica: Replica, loads: Loads, rule: str) -> None:
    replica.faults(rule)

    ours = loads.ours(config(replica, "pages/posts"))

    assert ours.count("posts") == 25


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        ("/rest/pages/posts?page=2 always status code=500", 500),
        ("/rest/pages/posts?page=2 always status code=404", 404),
        ("/rest/pages/posts?page=2 always refuse", None),
        ("/rest/pages/posts?page=2 always html", 200),
        ("/rest/pages/posts?page=2 always truncate bytes=50", 200),
        ("/rest/pages/posts?page=2 always stall", None),
    ],
)
def test_faults_that_stay_name_the_page(
    replica: Replica, loads: Loads, monkeypatch: pytest.MonkeyPatch, rule: str, status: int | None
) -> None:
    monkeypatch.setenv("RUNTIME__REQUEST_TIMEOUT", "1")
    replica.faults(rule)

    with pytest.raises(Exception, match="endpoint 'posts', page 3") as raised:
        loads.ours(config(replica, "pages/posts"))

    error = _cause(raised.value)
    assert error.url == f"{replica.rest_url}pages/posts?page=2"
    assert error.http_status == status


def _cause(error: BaseException | None) -> DltJavaException:
    while not isinstance(error, DltJavaException):
        assert error is not None
        error = error.__cause__ or error.__context__
    return error


def test_nothing_is_loaded_when_a_later_page_fails(replica: Replica, loads: Loads) -> None:
    replica.faults("/rest/pages/posts?page=4 always status code=400")

    with pytest.raises(Exception, match="400"):
        loads.ours(config(replica, "pages/posts"))

    assert "posts" not in loads.make_pipeline("ours").schemas


@pytest.mark.parametrize(
    ("path", "paginator"), [("repeating/posts", "json_link"), ("repeating/posts", "cursor")]
)
def test_a_page_that_repeats_for_ever_ends(
    replica: Replica, loads: Loads, path: str, paginator: str
) -> None:
    with pytest.raises(Exception, match="posts"):
        loads.ours(config(replica, path, paginator))

    assert len(replica.requests()) <= 3


def test_redirects_are_followed(replica: Replica, loads: Loads) -> None:
    loads.both(config(replica, "moved/pages/posts"))


def test_redirects_in_a_circle_end(replica: Replica, loads: Loads) -> None:
    with pytest.raises(Exception, match="redirect"):
        loads.ours(config(replica, "loop", "single_page"))


def test_a_total_that_is_no_number_is_refused(replica: Replica, loads: Loads) -> None:
    replica.serve("/rest/pages/posts", b'{"items": [{"id": 1}], "total": "many"}')

    with pytest.raises(Exception, match="total"):
        loads.ours(config(replica, "pages/posts"))


def test_an_announced_rate_limit_is_kept(replica: Replica, loads: Loads) -> None:
    ours = loads.ours(config(replica, "limited/3/1/pages/posts"))

    assert ours.count("posts") == 25
    assert ours.stats["posts"]["waited_milliseconds"] > 0


def test_requests_per_second_bounds_the_rate(replica: Replica, loads: Loads) -> None:
    ours = loads.ours(config(replica, "pages/posts"), requests_per_second=20)

    assert ours.count("posts") == 25
    assert ours.stats["posts"]["waited_milliseconds"] > 0


def test_max_concurrency_bounds_what_is_in_flight(replica: Replica, loads: Loads) -> None:
    replica.faults("/rest/posts/* always delay millis=20")
    given = config(replica, "pages/posts")
    given["resources"].append(
        {"name": "comments", "endpoint": "posts/{resources.posts.id}/comments"}
    )

    ours = loads.ours(given, max_concurrency=2)

    assert ours.stats["comments"]["requests"] == 25
    assert replica.most_open() <= 2


def test_the_memory_of_an_interrupted_run_is_freed(replica: Replica, loads: Loads) -> None:
    replica.faults("/rest/pages/posts?page=1 always stall at=body")

    def interrupt(source: Any) -> None:
        def fail() -> Any:
            raise RuntimeError("enough")
            yield

        import dlt

        source.resources.add(dlt.resource(fail, name="failing"))

    with pytest.raises(Exception, match="enough"):
        loads.ours(config(replica, "pages/posts"), change=interrupt)
