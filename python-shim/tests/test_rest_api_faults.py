"""Servers that fail, hang, lie or never end."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pytest
from replica import Replica
from rest_api_loads import Config, Loads

from dlt_java.exceptions import DataException, DltJavaException
from dlt_java.options import Request, SourceOptions
from dlt_java.stream import Source

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
        "/rest/pages/posts?page=1 1 slow-headers piece=20 millis=5",
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
        ("/rest/pages/posts?page=2 always short-length bytes=10", None),
        ("/rest/pages/posts?page=2 always cut after=40", None),
        ("/rest/pages/posts?page=2 always reset after=40", None),
        ("/rest/pages/posts?page=2 always stall", None),
        ("/rest/pages/posts?page=2 always stall at=headers", None),
        ("/rest/pages/posts?page=2 always stall at=body", None),
        # One piece takes longer than the time-out.
        ("/rest/pages/posts?page=2 always slow-headers piece=30 millis=1500", None),
        ("/rest/pages/posts?page=2 always slow-body piece=50 millis=1500", None),
    ],
)
def test_faults_that_stay_name_the_page(
    replica: Replica, loads: Loads, monkeypatch: pytest.MonkeyPatch, rule: str, status: int | None
) -> None:
    monkeypatch.setenv("RUNTIME__REQUEST_TIMEOUT", "0.5")
    replica.faults(rule)

    with pytest.raises(Exception, match="endpoint 'posts', page 3") as raised:
        loads.ours(config(replica, "pages/posts"))

    error = _cause(raised.value)
    assert error.url == f"{replica.rest_url}pages/posts?page=2"
    assert error.http_status == status


def test_a_server_that_is_busy_is_given_the_time_it_asks_for(
    replica: Replica, loads: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Longer than the longest wait, which counts then; without Retry-After there would be none.
    monkeypatch.setenv("RUNTIME__REQUEST_MAX_RETRY_DELAY", "0.04")
    replica.faults("/rest/pages/posts?page=2 1 status code=429 retry-after=3600")

    ours = loads.ours(config(replica, "pages/posts"))

    assert ours.stats["posts"]["retries"] == 1
    assert ours.stats["posts"]["waited_milliseconds"] >= 40


def _cause(error: BaseException | None) -> DltJavaException:
    while not isinstance(error, DltJavaException):
        assert error is not None
        error = error.__cause__ or error.__context__
    return error


def test_a_body_that_is_too_long_names_limit_and_page(replica: Replica) -> None:
    requests = [Request(f"{replica.rest_url}posts?of={count}", name="posts") for count in (1, 50)]
    options = SourceOptions(requests, "posts", max_body_bytes=2_000)

    with Source(options) as source, pytest.raises(DataException, match="max_body_bytes") as raised:
        for batch in source:
            pa.record_batch(batch)

    assert raised.value.url == f"{replica.rest_url}posts?of=50"


def test_a_token_that_ends_before_it_should_is_named_without_it(
    replica: Replica, loads: Loads
) -> None:
    given = config(replica, "auth/oauth/json-link/posts", "json_link")
    given["client"]["auth"] = {
        "type": "oauth2_client_credentials",
        "access_token_url": f"{replica.rest_url}auth/token?uses=2",
        "client_id": "client",
        "client_secret": "client-secret",
    }

    with pytest.raises(Exception, match="endpoint 'posts', page 3") as raised:
        loads.ours(given)

    assert _cause(raised.value).http_status == 401
    assert "token-" not in str(raised.value)
    assert "client-secret" not in str(raised.value)


@pytest.mark.parametrize("way", ["link", "redirect"])
def test_another_host_gets_no_credentials(replica: Replica, loads: Loads, way: str) -> None:
    with Replica() as other:
        target = f"{other.rest_url}json-link/posts?of=7"
        if way == "link":
            page = json.dumps({"items": [{"id": 0}], "next": target})
            replica.serve("/rest/start", page.encode())
        else:
            replica.serve("/rest/start", b"", status="302", header=f"Location: {target}")
        given = config(replica, "start", "json_link")
        given["client"]["auth"] = {"token": "bearer-secret"}
        given["client"]["headers"] = {"Authorization": "Basic secret", "X-Client": "shown"}

        ours = loads.ours(given)

        here, there = replica.requests(), other.requests()
    assert ours.count("posts") == 7 + (way == "link")
    assert [request.headers["authorization"] for request in here] == ["Bearer bearer-secret"]
    assert len(there) == 2
    for request in there:
        assert "authorization" not in request.headers
        assert "secret" not in str(request)
        assert request.headers["x-client"] == "shown"


def test_a_data_selector_that_matches_nothing_loads_nothing(replica: Replica, loads: Loads) -> None:
    given = config(replica, "pages/posts", "single_page")
    given["resources"][0]["endpoint"]["data_selector"] = "no.such.thing"

    ours, _ = loads.both(given)

    assert ours.stats["posts"]["rows"] == 0


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
