# SPDX-License-Identifier: Apache-2.0
"""Requests: this library beside the HTTP clients of Python, on one core.

    python benchmarks/network.py --requests 10000 --repeats 3

The server has a core of its own, and so has each client, a process of its own: its CPU time is
that of all its threads. Each gets the same pages in the same order, over connections that are kept
alive, handshakes included: `requests` one after the other, the rest 20 at a time. Pages come
plain, compressed with gzip, and over TLS 1.3 (AES-256-GCM, what all of them propose first).

The clients read the body into memory and decompress it where need be. dlt-java does more: it finds
the one short record of each page behind a text that it only skips, and makes Arrow batches. Each
has to find all pages. pyreqwest is hyper, in Rust. Clients that are not installed are left out.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import os
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from report import bars, table
from web_server import PAGES, WebServer, web_server

CONCURRENCY = 20
WAYS = ("plain", "gzip", "TLS")

_TAIL_BYTES = 40
"""The end of a page, with its record, which is read when the clock has stopped."""


class Found:
    """What a client has found, to be compared when the clock has stopped."""

    def __init__(self) -> None:
        self.length = 0
        self.tails: list[bytes] = []
        self.ids: list[Any] = []

    def add(self, body: Any) -> None:
        """Takes a page, in any kind of buffer."""
        self.length += len(body)
        self.tails.append(bytes(memoryview(body)[-_TAIL_BYTES:]))

    def sum_of_ids(self) -> int:
        """The sum of the records' ids."""
        here = sum(int(tail[tail.rindex(b":") + 1 : -3]) for tail in self.tails)
        return here + sum(sum(column.to_pylist()) for column in self.ids)


def _dlt_java(urls: list[str], authority: str) -> Found:
    import pyarrow as pa

    from dlt_java import Request, Source, SourceOptions

    found = Found()
    options = SourceOptions(
        [Request(url) for url in urls],
        "pages",
        record_path=["rows"],
        ca_file=authority,
        concurrency=CONCURRENCY,
    )
    with Source(options) as source:
        for batch in source:
            found.ids.append(pa.record_batch(batch).column("id"))
        found.length = source.statistics()["body_bytes"]
    return found


def _requests(urls: list[str], authority: str) -> Found:
    import requests

    found = Found()
    with requests.Session() as session:
        # Settings of the environment are looked up for each request.
        session.trust_env = False
        session.verify = authority
        for url in urls:
            response = session.get(url)
            response.raise_for_status()
            found.add(response.content)
    return found


async def _side_by_side(urls: list[str], fetch: Callable[[str], Any]) -> Found:
    found = Found()
    left = iter(urls)

    async def work() -> None:
        for url in left:
            found.add(await fetch(url))

    await asyncio.gather(*(work() for _ in range(CONCURRENCY)))
    return found


def _aiohttp(urls: list[str], authority: str) -> Found:
    import aiohttp

    async def run() -> Found:
        context = ssl.create_default_context(cafile=authority)
        connector = aiohttp.TCPConnector(limit=CONCURRENCY, ssl=context)
        async with aiohttp.ClientSession(connector=connector, raise_for_status=True) as session:

            async def fetch(url: str) -> Any:
                async with session.get(url) as response:
                    return await response.read()

            return await _side_by_side(urls, fetch)

    return asyncio.run(run())


def _pyreqwest(urls: list[str], authority: str) -> Found:
    from pyreqwest.client import ClientBuilder

    async def run() -> Found:
        builder = (
            ClientBuilder()
            .http1_only()
            .gzip(True)
            .max_connections(CONCURRENCY)
            .error_for_status(True)
            .add_root_certificate_pem(Path(authority).read_bytes())
        )
        async with builder.build() as client:

            async def fetch(url: str) -> Any:
                response = await client.get(url).build().send()
                return await response.bytes()

            return await _side_by_side(urls, fetch)

    return asyncio.run(run())


CLIENTS: dict[str, Callable[[list[str], str], Found]] = {
    "dlt-java": _dlt_java,
    "requests": _requests,
    "aiohttp": _aiohttp,
    "pyreqwest": _pyreqwest,
}


def _warm_up(requests: int) -> int:
    return requests // 10 + 1


def _measure_here(client: str, start: str, requests: int, authority: str) -> dict[str, float]:
    urls = [f"{start}-{number % PAGES}.json" for number in range(requests)]
    CLIENTS[client](urls[: _warm_up(requests)], authority)
    cpu, clock = time.process_time(), time.perf_counter()
    found = CLIENTS[client](urls, authority)
    seconds, busy = time.perf_counter() - clock, time.process_time() - cpu
    return {"seconds": seconds, "cpu": busy, "bytes": found.length, "ids": found.sum_of_ids()}


def _measure(
    server: WebServer, client: str, way: str, kilobytes: int, requests: int, core: int
) -> dict[str, float]:
    start = f"{server.origins[way]}/{way}/{kilobytes}"
    one = ["--one", client, start, str(requests), str(server.certificate)]
    pinned = ["taskset", "-c", str(core), sys.executable, __file__, *one]
    before = server.cpu_seconds()
    result = subprocess.run(pinned, capture_output=True, text=True)
    served = server.cpu_seconds() - before
    if result.returncode != 0:
        raise SystemExit(result.stderr)
    measured: dict[str, float] = json.loads(result.stdout)
    expected = {
        "bytes": 1000 * kilobytes * requests,
        "ids": sum(number % PAGES for number in range(requests)),
    }
    found = {name: measured[name] for name in expected}
    if found != expected:
        raise SystemExit(f"{client}, {kilobytes} KB, {way}: found {found}, expected {expected}")
    return {
        "requests a second": requests / measured["seconds"],
        "CPU": 1e6 * measured["cpu"] / requests,
        "MB": expected["bytes"] / 1e6 / measured["cpu"],
        "server": 1e6 * served / (requests + _warm_up(requests)),
    }


def main() -> None:
    """Runs the benchmark, or one measurement of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--kilobytes", type=int, nargs="+", default=[1, 35, 1000])
    parser.add_argument("--requests", type=int, default=10_000, help="a fifth from 1,000 KB on")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--svg", type=Path)
    arguments = parser.parse_args()
    if arguments.one:
        client, start, requests, authority = arguments.one
        print(json.dumps(_measure_here(client, start, int(requests), authority)), flush=True)
        # pyreqwest's threads outlive the interpreter, and abort the process.
        os._exit(0)
    clients = [name for name in CLIENTS if importlib.util.find_spec(name.replace("-", "_"))]
    cores = sorted(os.sched_getaffinity(0))
    runs: dict[tuple[int, str], dict[str, list[dict[str, float]]]] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        web_server(arguments.kilobytes, Path(folder), cores[0]) as server,
    ):
        name = server.name
        for _ in range(arguments.repeats):
            for way in WAYS:
                for size in arguments.kilobytes:
                    requests = arguments.requests // (5 if size >= 1000 else 1)
                    for client in clients:
                        runs.setdefault((size, way), {}).setdefault(client, []).append(
                            _measure(server, client, way, size, requests, cores[-1])
                        )
    for title, figure, higher in (
        ("Requests a second", "requests a second", True),
        ("CPU time a request, microseconds", "CPU", False),
        ("MB of pages for a second of CPU time", "MB", True),
    ):
        print(f"{title}:\n")
        print(_table(clients, runs, figure, higher), "\n")
    print(f"CPU time of {name} a request, microseconds:\n")
    print(_table(clients, runs, "server", None))
    if arguments.svg:
        groups = {
            f"{size} KB, {way}": {
                client: 100 * _median(found["dlt-java"], "CPU") / _median(measured, "CPU")
                for client, measured in found.items()
            }
            for (size, way), found in runs.items()
        }
        bars("Requests for the same CPU time", "% of dlt-java's", groups, arguments.svg)


def _table(
    clients: list[str],
    runs: dict[tuple[int, str], dict[str, list[dict[str, float]]]],
    figure: str,
    higher: bool | None,
) -> str:
    """The medians of a figure; with the ratio to the best of the others if one end is better."""
    rows: list[list[Any]] = []
    for (size, way), found in runs.items():
        medians = {client: _median(measured, figure) for client, measured in found.items()}
        row = [f"{size:,} KB", way, *(f"{value:,.0f}" for value in medians.values())]
        if higher is not None:
            ours = medians.pop("dlt-java")
            best = max(medians.values()) if higher else min(medians.values())
            row.append(f"{ours / best:.2f}")
        rows.append(row)
    ratio = [] if higher is None else ["dlt-java / best"]
    return table(["page", "way", *clients, *ratio], rows)


def _median(measured: list[dict[str, float]], figure: str) -> float:
    return statistics.median(run[figure] for run in measured)


if __name__ == "__main__":
    main()
