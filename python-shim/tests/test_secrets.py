"""Secrets are sent to the server that they are for, and show up nowhere else.

Every secret here is a mark that is looked for, in whatever form, in all that a run leaves: output,
log, exceptions, trace, statistics, and every file of the pipeline and of its destination.
"""

from __future__ import annotations

import base64
import gzip
import json
import logging
import os
import pickle
import re
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import dlt
import pytest
from conftest import MakePipeline
from forward_proxy import ForwardProxy
from hostile_server import ACCESS_TOKEN, HostileServer

import dlt_java.rest_api
from dlt_java import Source
from dlt_java.options import Request, SourceOptions

# dlt leaves the sockets of its own clients to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
)

SECRET = "s3c+ret/Mark 4242="
PROXY_PASSWORD = "pr0xy+Mark/99="

LONG = int(os.environ.get("DLT_JAVA_EXAMPLES", "0")) > 0

AUTHENTICATIONS: dict[str, dict[str, Any]] = {
    "bearer": {"auth": {"type": "bearer", "token": SECRET}},
    "basic": {"auth": {"type": "http_basic", "username": "user", "password": SECRET}},
    "key_in_header": {"auth": {"type": "api_key", "name": "X-Custom", "api_key": SECRET}},
    "key_in_query": {
        "auth": {"type": "api_key", "name": "mine", "api_key": SECRET, "location": "query"}
    },
    "oauth": {
        "auth": {
            "type": "oauth2_client_credentials",
            "access_token_url": "{origin}/token",
            "client_id": "client",
            "client_secret": SECRET,
        }
    },
    "plain_header": {"headers": {"X-API-Key": SECRET}},
    "authorization_header": {"headers": {"Authorization": f"Token {SECRET}"}},
    "url": {"base_url": f"http://user:{quote(SECRET, safe='')}@{{address}}/"},
}

FAILURES = [
    "denied",
    "failing",
    "text",
    "cut",
    "late",
    "redirect",
    "link",
    "bad-link",
    "bad-redirect",
]

COMBINATIONS = [
    (authentication, failure)
    for authentication in AUTHENTICATIONS
    for failure in FAILURES
    if failure in ("denied", "link") or authentication in ("oauth", "key_in_query") or LONG
]
"""All of them in the long build: one failure differs little from another."""


def forms(secret: str) -> list[bytes]:
    """What a secret may look like: as it is, in URLs, in JSON, in Base64 at any offset."""
    texts = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1]}
    texts |= {json.dumps(secret)[1:-1]}
    texts |= {re.sub("%..", lambda found: found[0].lower(), text) for text in set(texts)}
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + secret.encode()).decode().rstrip("=")
        whole = encoded[(0, 2, 3)[offset] : -1]
        texts |= {whole, quote(whole, safe=""), quote_plus(whole)}
    return [text.encode() for text in sorted(texts)]


MARKS = [form for secret in (SECRET, ACCESS_TOKEN, PROXY_PASSWORD) for form in forms(secret)]


def found(observed: bytes) -> list[bytes]:
    """Marks in what was observed, with what stands around them."""
    return [
        observed[max(0, observed.index(mark) - 100) :][: 200 + len(mark)]
        for mark in MARKS
        if mark in observed
    ]


def told(error: BaseException) -> Iterator[str]:
    """All that an exception and its causes say."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        waiting += [one.__cause__, one.__context__]
        yield f"{one!s}\n{one!r}\n{one.args!r}"
        if isinstance(one, dlt_java.exceptions.DltJavaException):
            yield f"{vars(one)!r}"
            yield pickle.dumps(one).decode("latin-1")
    yield "".join(traceback.format_exception(type(error), error, error.__traceback__))


def files(folder: Path) -> Iterator[bytes]:
    """Names and contents of all files below a folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            yield str(path).encode()
            yield gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content


@pytest.fixture
def servers() -> Iterator[tuple[HostileServer, HostileServer]]:
    """The server that the secrets are for, and another."""
    with HostileServer() as server, HostileServer() as other:
        server.elsewhere = other.origin
        other.elsewhere = server.origin
        yield server, other


@pytest.fixture(autouse=True)
def everything_is_logged(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("RUNTIME__LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("RUNTIME__REQUEST_TIMEOUT", "0.3")
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="dlt_java")


def config(server: HostileServer, authentication: str, path: str) -> Any:
    address = server.origin.removeprefix("http://")
    text = json.dumps({"base_url": server.origin, **AUTHENTICATIONS[authentication]})
    filled = text.replace("{origin}", server.origin).replace("{address}", address)
    endpoint = {
        "path": path,
        "data_selector": "data",
        "paginator": {"type": "json_link", "next_url_path": "next"},
    }
    return {"client": json.loads(filled), "resources": [{"name": "items", "endpoint": endpoint}]}


class Run:
    """One run of a pipeline and all that can be seen of it."""

    def __init__(self, pipeline: dlt.Pipeline, source: Any) -> None:
        self.pipeline = pipeline
        self.source = source
        self.error: BaseException | None = None
        try:
            pipeline.run(source)
        except Exception as error:
            self.error = error

    def observed(self, folder: Path, output: Any, caplog: pytest.LogCaptureFixture) -> bytes:
        """Everything there is to see.

        Args:
            folder: Has the files of the pipeline and of its destination.
            output: What was written to standard output and standard error.
            caplog: What was logged.
        """
        stats = dlt_java.rest_api.stats(self.source)
        assert stats["items"]["is_native"], stats
        trace: Any = self.pipeline.last_trace
        texts = [
            output.out,
            output.err,
            caplog.text,
            repr([record.__dict__ for record in caplog.records]),
            repr(stats),
            repr(self.source),
            repr(self.source.resources),
            str(trace),
            repr(trace),
            json.dumps(trace.asdict(), default=str),
            trace.asstr(verbosity=2),
            *(told(self.error) if self.error else ()),
        ]
        seen = [text.encode("utf-8", "surrogateescape") for text in texts]
        return b"\n".join([*seen, pickle.dumps(trace), *files(folder)])


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        quote_plus(SECRET),
        quote(SECRET, safe="").replace("%2B", "%2b").replace("%2F", "%2f").replace("%3D", "%3d"),
        base64.b64encode(SECRET.encode()).decode(),
        base64.b64encode(f"user:{SECRET}".encode()).decode(),
        base64.b64encode(f"u:{SECRET}".encode()).decode(),
        quote(base64.b64encode(f"me:{SECRET}".encode()), safe=""),
    ],
)
def test_marks_are_found_in_every_form(text: str) -> None:
    assert found(f"/x?mine={text}&y".encode())


@pytest.mark.parametrize("authentication", AUTHENTICATIONS)
def test_success_shows_no_secret(
    servers: tuple[HostileServer, HostileServer],
    make_pipeline: MakePipeline,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    authentication: str,
) -> None:
    server, _ = servers
    for _ in range(2):
        source = dlt_java.rest_api.rest_api_source(
            config(server, authentication, "good"), conditional_requests=True
        )
        run = Run(make_pipeline("secrets"), source)
        assert run.error is None
        assert found(run.observed(tmp_path, capfd.readouterr(), caplog)) == []
    # Every page was asked for with the secret.
    pages = [request for request in server.received if "/token" not in request]
    assert len(pages) == 4
    assert all(found(request.encode()) for request in pages)


@pytest.mark.parametrize(("authentication", "failure"), COMBINATIONS)
def test_no_failure_shows_a_secret(
    servers: tuple[HostileServer, HostileServer],
    make_pipeline: MakePipeline,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    authentication: str,
    failure: str,
) -> None:
    server, _ = servers
    source = dlt_java.rest_api.rest_api_source(config(server, authentication, failure))

    run = Run(make_pipeline("secrets"), source)

    assert run.error is not None
    assert found(server.received[-1].encode())
    assert found(run.observed(tmp_path, capfd.readouterr(), caplog)) == []


@pytest.mark.parametrize("way", ["clean-redirect", "clean-link"])
@pytest.mark.parametrize("authentication", AUTHENTICATIONS)
def test_no_other_server_is_sent_a_secret(
    servers: tuple[HostileServer, HostileServer],
    make_pipeline: MakePipeline,
    authentication: str,
    way: str,
) -> None:
    server, other = servers
    source = dlt_java.rest_api.rest_api_source(config(server, authentication, way))

    assert Run(make_pipeline("secrets"), source).error is None

    (request,) = other.received
    assert found(request.encode()) == []
    assert found(server.received[-1].encode())


@pytest.mark.parametrize("failure", ["good", "denied", "gone", "refused"])
def test_no_password_of_a_proxy_is_shown(
    servers: tuple[HostileServer, HostileServer],
    make_pipeline: MakePipeline,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    failure: str,
) -> None:
    server, _ = servers
    with ForwardProxy() as proxy:
        address = proxy.address
        if failure == "gone":
            proxy.__exit__(None, None, None)
        elif failure == "refused":
            # This server answers CONNECT with a refusal.
            address = server.origin.removeprefix("http://")
        password = quote(PROXY_PASSWORD, safe="")
        variable = "HTTPS_PROXY" if failure == "refused" else "HTTP_PROXY"
        monkeypatch.setenv(variable, f"http://user:{password}@{address}")
        path = failure if failure in ("good", "denied") else "good"
        configured = config(server, "bearer", path)
        if failure == "refused":
            configured["client"]["base_url"] = "https://127.0.0.1:9/"
        run = Run(make_pipeline("secrets"), dlt_java.rest_api.rest_api_source(configured))

        assert (run.error is None) == (failure == "good")
        if failure in ("good", "denied"):
            assert found(str(proxy.authorizations[0]).encode())
        assert found(run.observed(tmp_path, capfd.readouterr(), caplog)) == []
        assert all(PROXY_PASSWORD not in request for request in server.received)


def test_https_that_cannot_be_trusted_sends_no_secret(
    servers: tuple[HostileServer, HostileServer],
    make_pipeline: MakePipeline,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    server, _ = servers
    configured = config(server, "bearer", "good")
    configured["client"]["base_url"] = server.origin.replace("http:", "https:")

    run = Run(make_pipeline("secrets"), dlt_java.rest_api.rest_api_source(configured))

    assert run.error is not None
    assert server.received == []
    assert found(run.observed(tmp_path, capfd.readouterr(), caplog)) == []


def options(server: HostileServer) -> SourceOptions:
    return SourceOptions(
        [
            Request(
                f"{server.origin}/denied?api_key={quote_plus(SECRET)}",
                method="POST",
                headers={"X-API-Key": SECRET},
                body=SECRET,
                following={"cursor": {"url": f"{server.origin}/?token={SECRET}"}},
            )
        ],
        "items",
        headers={"Cookie": SECRET},
        auth_headers={"Authorization": SECRET},
        auth_query={"mine": SECRET},
        proxies={"http": f"http://user:{PROXY_PASSWORD}@127.0.0.1:9"},
        transformations=[{"hash": {"mail": "sha256"}, "salt": SECRET}],
    )


def test_options_show_no_secret(servers: tuple[HostileServer, HostileServer]) -> None:
    shown = repr(options(servers[0]))

    assert found(shown.encode()) == []
    assert "/denied?api_key=***" in shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"auth_headers": {"X": f"{SECRET}\n"}},
        {"auth_headers": {f"X: {SECRET}": "x"}},
        {"headers": {"X": f"{SECRET}\r\nY: z"}},
        {"proxies": {"http": f"socks5://user:{PROXY_PASSWORD}@h"}},
        {"proxies": {"http": f"http://user:{PROXY_PASSWORD}@h:port"}},
        {"proxies": {"gopher": f"http://user:{PROXY_PASSWORD}@h"}},
        {"requests": [Request(f"http://u:{SECRET}@h:port/?token={SECRET}")]},
        {"requests": [Request(f"ftp://u:{quote(SECRET, safe='')}@h/?token={quote_plus(SECRET)}")]},
        {"requests": [Request(f"http://[u:{SECRET}@h/?token={SECRET}")]},
        {"transformations": [{"hash": {"mail": "md4"}, "salt": SECRET}]},
    ],
)
def test_options_that_are_wrong_are_refused_without_secrets(
    servers: tuple[HostileServer, HostileServer], wrong: dict[str, Any]
) -> None:
    values = {**vars(options(servers[0])), "proxies": None, **wrong}
    with pytest.raises(dlt_java.exceptions.OptionsException) as raised:
        Source(SourceOptions(**values))

    assert found("\n".join(told(raised.value)).encode()) == []


def test_new_credentials_that_are_wrong_are_refused_without_secrets(
    servers: tuple[HostileServer, HostileServer],
) -> None:
    request = Request(f"{servers[0].origin}/last")
    with Source(SourceOptions([request], "items")) as source:
        with pytest.raises(dlt_java.exceptions.OptionsException) as raised:
            source.set_auth({"Authorization": f"{SECRET}\0"}, {})

        assert found("\n".join(told(raised.value)).encode()) == []
        assert len(list(source)) > 0
