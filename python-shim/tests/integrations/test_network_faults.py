# SPDX-License-Identifier: Apache-2.0
"""Pipelines whose network has faults: everything comes, once, or nothing and an explanation."""

from __future__ import annotations

import gzip
import os
import random
import socket
import struct
from pathlib import Path
from typing import Any, Callable

import dlt
import pytest
from comparison import assert_equal_tables
from crash_worker import pipeline_in, shop
from dlt.pipeline.exceptions import PipelineStepFailed
from shop_api import Request, Shop, ShopServer

from dlt_java.exceptions import DltJavaException

# dlt leaves the sockets of its own clients to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
)

RUNS = int(os.environ.get("DLT_JAVA_FAULTS", 0)) or 24
SEED = int(os.environ.get("DLT_JAVA_SEED", 1))
ATTEMPTS = 3

Fault = Callable[[Request, bytes], None]


def _end(request: Request) -> None:
    request.close_connection = True


def _reset(request: Request, body: bytes) -> None:
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + body)
    request.connection.close()


def _cut(request: Request, body: bytes) -> None:
    request.answer(body[: len(body) // 2], Content_Length=str(len(body)))


def _stall(request: Request, body: bytes) -> None:
    _cut(request, body)
    request.rfile.read()


def _zipped(request: Request, body: bytes) -> None:
    request.answer(body, Content_Encoding="gzip")


def _greet(request: Request, body: bytes) -> None:
    request.wfile.write(b"220 mail.test ESMTP\r\n\r\n")


def _flipped(body: bytes) -> bytes:
    middle = len(body) // 2
    return body[:middle] + bytes([body[middle] ^ 0xFF]) + body[middle + 1 :]


def _redirect(request: Request, target: str) -> None:
    request.answer(b"", 302, Location=target)


# What passes when another attempt goes well, with the number of the error if none does.
PASSING: dict[str, tuple[Fault, set[int]]] = {
    "reset": (_reset, {301, 305}),
    "close": (lambda request, body: None, {301}),
    "cut": (_cut, {305}),
    "stall": (_stall, {303}),
    "gzip cut": (lambda request, body: _zipped(request, gzip.compress(body)[:-9]), {305}),
    "chunk": (lambda request, _: request.answer(b"zz\r\n", Transfer_Encoding="chunked"), {306}),
    "not HTTP": (_greet, {306}),
    "lengths": (lambda request, body: request.answer(body, Content_Length="x"), {306}),
    "busy": (lambda request, _: request.answer(b"", 429, Retry_After="0"), {304}),
    "broken": (lambda request, _: request.answer(b"oops", 503), {304}),
    "closed port": (lambda request, _: _redirect(request, "http://127.0.0.1:1/"), {301}),
}

# What is an error at once, with its number.
FINAL: dict[str, tuple[Fault, set[int]]] = {
    "too short": (lambda request, body: request.answer(body, Content_Length="20"), {201}),
    "too long": (lambda request, body: request.answer(body + b"]"), {201}),
    "page": (lambda request, _: request.answer(b"<html>Sign in</html>"), {201}),
    "nothing": (lambda request, _: request.answer(b""), {201}),
    "gzip flipped": (
        lambda request, body: _zipped(request, _flipped(gzip.compress(body))),
        {305, 306},
    ),
    "no gzip": (_zipped, {306}),
    "header flood": (lambda request, body: request.answer(body, Flood="x" * 70_000), {306}),
    "refused": (lambda request, _: request.answer(b"", 403), {304}),
    "nonsense": (lambda request, _: _redirect(request, "ftp://files.test/"), {306}),
}


class Disturbance:
    """A fault of some requests.

    Args:
        fault: What happens.
        first: Number of the first request that it happens to, from 0.
        times: Answers that it spoils.
    """

    def __init__(self, fault: Fault, first: int, times: int) -> None:
        self._fault = fault
        self._first = first
        self._times = times
        self._victim: str | None = None
        self._requests = 0

    def __call__(self, request: Request, body: bytes) -> bool:
        """Answers a request in its own way, if it is one of those."""
        if self._victim is None and self._requests == self._first:
            self._victim = request.path
        self._requests += 1
        if request.path != self._victim or self._times == 0:
            return False
        self._times -= 1
        self._fault(request, body)
        _end(request)
        return True

    @property
    def happened(self) -> bool:
        """Whether the request came that it happens to."""
        return self._victim is not None


def loaded(pipeline: dlt.Pipeline) -> Any:
    """What is in the warehouse, as the shop has it."""
    if "orders" not in pipeline.default_schema.tables:
        return {}, []
    with pipeline.sql_client() as client:

        def rows(query: str) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in client.execute_sql(query) or ()]

        orders = rows(
            "SELECT id, strftime(changed AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ') FROM orders"
            " ORDER BY id"
        )
        lines = rows(
            "SELECT o.id, l.sku FROM orders__lines l"
            " JOIN orders o ON o._dlt_id = l._dlt_parent_id ORDER BY o.id, l._dlt_list_idx"
        )
        events = rows("SELECT number, text FROM events ORDER BY number")
    return (orders, lines), events


def expected(api: Shop) -> Any:
    """What the shop has."""
    orders = [(order["id"], order["changed"]) for _, order in sorted(api.orders.items())]
    lines = [
        (number, line["sku"])
        for number, order in sorted(api.orders.items())
        for line in order["lines"]
    ]
    return (orders, lines), [(event["number"], event["text"]) for event in api.events]


def places(pipeline: dlt.Pipeline) -> dict[str, tuple[Any, Any]]:
    """Where the next load of each resource goes on."""
    state: Any = pipeline.state["sources"]
    return {
        name: (cursor["last_value"], cursor["unique_hashes"])
        for name, resource in state["shop"]["resources"].items()
        for cursor in resource["incremental"].values()
    }


def cause(failed: BaseException | None) -> DltJavaException:
    """The library's error below those of dlt."""
    while not isinstance(failed, DltJavaException):
        assert failed is not None
        failed = failed.__cause__ or failed.__context__
    return failed


def test_what_a_faulty_network_loads_is_what_a_good_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNTIME__REQUEST_MAX_ATTEMPTS", str(ATTEMPTS))
    monkeypatch.setenv("RUNTIME__REQUEST_TIMEOUT", "1")
    chance = random.Random(SEED)
    api = Shop(SEED)
    pipeline = pipeline_in(str(tmp_path / "faulty"))
    with ShopServer(api) as server:
        api.pass_day()
        pipeline.run(shop(server.url))
        for _ in range(RUNS):
            name = chance.choice([*PASSING, *FINAL])
            fault, codes = {**PASSING, **FINAL}[name]
            first, times = chance.randrange(4), chance.choice([1, ATTEMPTS])
            passes = name in PASSING and times < ATTEMPTS
            before = expected(api)
            api.pass_day()
            disturbance = Disturbance(fault, first, times)
            server.disturb(disturbance)
            try:
                failure = None
                try:
                    pipeline.run(shop(server.url))
                except PipelineStepFailed as failed:
                    failure = cause(failed)
                assert (failure is None) == (passes or not disturbance.happened), failure
                if failure is not None:
                    assert failure.code in codes
                    assert "s3cret" not in f"{failure} {failure.url}"
                    assert failure.url is not None
                    assert loaded(pipeline) == before
                    server.disturb(None)
                    pipeline.run(shop(server.url))
                assert loaded(pipeline) == expected(api)
            except AssertionError as wrong:
                said = f"DLT_JAVA_SEED={SEED}, day {api.day}: {name} {times} times from {first}"
                raise AssertionError(said) from wrong
        server.disturb(None)
        calm = pipeline_in(str(tmp_path / "calm"))
        calm.run(shop(server.url))
    assert_equal_tables(pipeline, calm)
    assert places(pipeline) == places(calm)
