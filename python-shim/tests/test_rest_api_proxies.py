"""Proxies that the environment names, as requests takes them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import STORE_PASSWORD, MakePipeline
from forward_proxy import ForwardProxy
from replica import Replica
from rest_api_loads import Loads

import dlt_java.rest_api

# dlt leaves the sockets of its own clients to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
)

VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[ForwardProxy]:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    with ForwardProxy() as running:
        yield running


def config(replica: Replica) -> Any:
    endpoint = {"path": "pages/posts", "paginator": "page_number"}
    return {
        "client": {"base_url": replica.rest_url},
        "resources": [{"name": "posts", "endpoint": endpoint}],
    }


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("scheme", ["http://", ""])
def test_requests_go_through_the_proxy_of_the_environment(
    replica: Replica,
    loads: Loads,
    proxy: ForwardProxy,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    scheme: str,
) -> None:
    monkeypatch.setenv(variable, f"{scheme}{proxy.address}")

    ours = loads.ours(config(replica))

    assert ours.count("posts") == 25
    assert ours.stats["posts"]["is_native"]
    whole = [f"GET {replica.rest_url}pages/posts?page={page}" for page in range(5)]
    assert sorted(proxy.asked) == whole
    assert len(ours.requests) == 5


def test_dlt_loads_the_same_through_the_proxy(
    replica: Replica, loads: Loads, proxy: ForwardProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.address}")

    loads.both(config(replica))

    assert len(proxy.asked) == 10


@pytest.mark.parametrize("exceptions", ["127.0.0.1", "example.org, 127.0.0.1", "127.0.0.0/8", "*"])
def test_hosts_of_no_proxy_are_asked_directly(
    replica: Replica,
    loads: Loads,
    proxy: ForwardProxy,
    monkeypatch: pytest.MonkeyPatch,
    exceptions: str,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.address}")
    monkeypatch.setenv("NO_PROXY", exceptions)

    loads.both(config(replica))

    assert proxy.asked == []


def test_other_hosts_of_no_proxy_change_nothing(
    replica: Replica, loads: Loads, proxy: ForwardProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.address}")
    monkeypatch.setenv("NO_PROXY", "example.org")

    loads.both(config(replica))

    assert len(proxy.asked) == 10


def test_a_proxy_for_https_is_not_asked_for_http(
    replica: Replica, loads: Loads, proxy: ForwardProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")

    loads.both(config(replica))

    assert proxy.asked == []


def test_https_goes_through_a_tunnel(
    make_pipeline: MakePipeline,
    proxy: ForwardProxy,
    monkeypatch: pytest.MonkeyPatch,
    certificate: tuple[Path, Path],
) -> None:
    store, pem = certificate
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pem))
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:s3cret@{proxy.address}")

    with Replica(["--tls", str(store), "--tls-password", STORE_PASSWORD]) as replica:
        source = dlt_java.rest_api.rest_api_source(config(replica))
        make_pipeline("tunnelled").run(source)

    counted = dlt_java.rest_api.stats(source)["posts"]
    assert counted["is_native"]
    assert counted["rows"] == 25
    assert set(proxy.asked) == {f"CONNECT {replica.origin.removeprefix('https://')}"}
    assert None not in proxy.authorizations


def test_user_and_password_are_sent_to_the_proxy_only(
    replica: Replica, loads: Loads, proxy: ForwardProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://user:s3cret@{proxy.address}")

    ours = loads.ours(config(replica))

    expected = "Basic " + base64.b64encode(b"user:s3cret").decode()
    assert proxy.authorizations == [expected] * 5
    assert all("proxy-authorization" not in request.headers for request in ours.requests)


def test_a_proxy_that_is_not_there_is_named_without_its_password(
    replica: Replica, loads: Loads, proxy: ForwardProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ForwardProxy() as gone:
        address = gone.address
    monkeypatch.setenv("HTTP_PROXY", f"http://user:s3cret@{address}")

    with pytest.raises(Exception, match=address) as raised:
        loads.ours(config(replica))

    assert "s3cret" not in str(raised.value)


def test_a_proxy_of_another_kind_is_left_to_dlts_client(
    replica: Replica, loads: Loads, proxy: ForwardProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"socks5://{proxy.address}")

    ours, _ = loads.both(config(replica), dlt_rows=["posts"])

    assert "proxy" in ours.stats["posts"]["reason"]
