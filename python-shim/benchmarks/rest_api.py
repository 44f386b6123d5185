# SPDX-License-Identifier: Apache-2.0
"""Fetching from an API that takes its time: `dlt_java.rest_api` beside dlt's own source.

    python benchmarks/rest_api.py --latency 50 --repeats 3

Two cases against the replica on loopback: one endpoint of many pages with a total, and requests
that depend on the rows of another. Measured is `pipeline.extract`. In a run of its own a Python
thread counts beside it; its speed, compared with an idle interpreter's, says how much of the GIL
the load leaves. That run is not timed: dlt itself then waits for the GIL, most of a second for a
single row.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import math
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import dlt
import dlt.sources.rest_api

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

from replica import Replica
from report import bars, table

import dlt_java.rest_api

CONCURRENCY = 20


def pages(base_url: str, count: int) -> Any:
    """So many pages of one endpoint."""
    return {
        "client": {"base_url": base_url},
        "resources": [
            {
                "name": "posts",
                "endpoint": {
                    "path": "offset/posts",
                    "params": {"of": count * 100},
                    "paginator": {"type": "offset", "limit": 100, "total_path": "total"},
                    "data_selector": "items",
                },
            }
        ],
    }


def dependent(base_url: str, count: int) -> Any:
    """So many requests, each for the comments of one post."""
    return {
        "client": {"base_url": base_url, "paginator": "single_page"},
        "resources": [
            {"name": "posts", "endpoint": {"path": "posts", "params": {"of": count}}},
            {
                "name": "comments",
                "parallelized": True,
                "endpoint": {
                    "path": "posts/{resources.posts.id}/comments",
                    "params": {"of": count},
                },
            },
        ],
    }


@dataclasses.dataclass
class Run:
    """One extraction.

    Attributes:
        seconds: Wall time.
        rows: Rows of all tables.
    """

    seconds: float
    rows: dict[str, int]


class Counter:
    """A Python thread that counts, as long as its context lasts."""

    def __enter__(self) -> Counter:
        self._over = False
        self.count = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def _run(self) -> None:
        while not self._over:
            self.count += 1

    def __exit__(self, *_: object) -> None:
        self._over = True
        self._thread.join()


def extract(source: Any) -> Run:
    """Extracts a source into files of a pipeline that is new each time."""
    with tempfile.TemporaryDirectory() as folder:
        pipeline = dlt.pipeline("bench", destination="duckdb", pipelines_dir=folder)
        start = time.perf_counter()
        pipeline.extract(source)
        seconds = time.perf_counter() - start
        trace: Any = pipeline.last_trace
        metrics = trace.last_extract_info.metrics
        rows: dict[str, int] = {}
        for load in metrics.values():
            for name, found in load[0]["table_metrics"].items():
                # Child tables, which dlt makes later, are ours already.
                if "__" not in name and not name.startswith("_dlt"):
                    rows[name] = rows.get(name, 0) + found.items_count
    return Run(seconds, rows)


def counts_beside(source: Any) -> float:
    """Counts a second of a thread beside an extraction."""
    with Counter() as counter:
        seconds = extract(source).seconds
    return counter.count / seconds


def idle_counts() -> float:
    """Counts a second of a thread beside an interpreter that does nothing."""
    with Counter() as counter:
        time.sleep(1)
    return float(counter.count)


def main() -> None:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency", type=int, default=50, help="milliseconds of each answer")
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--dependent", type=int, default=500)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--svg", type=Path)
    arguments = parser.parse_args()
    rows = []
    speeds: dict[str, dict[str, float]] = {}
    with Replica(["--latency", str(arguments.latency)]) as replica:
        cases = [(pages, arguments.pages), (dependent, arguments.dependent)]
        for config, requests in cases:
            name = f"{requests} {config.__name__}"
            native = functools.partial(
                dlt_java.rest_api.rest_api_source,
                config(replica.rest_url, requests),
                max_concurrency=CONCURRENCY,
            )
            ours: list[Run] = []
            theirs: list[Run] = []
            counts: list[float] = []
            for _ in range(arguments.repeats):
                ours.append(extract(native()))
                counts.append(counts_beside(native()))
                theirs.append(
                    extract(
                        dlt.sources.rest_api.rest_api_source(config(replica.rest_url, requests))
                    )
                )
            if ours[-1].rows != theirs[-1].rows:
                raise SystemExit(f"different rows: {ours[-1].rows}, {theirs[-1].rows}")
            least = arguments.latency / 1000 * math.ceil(requests / CONCURRENCY)
            wall = statistics.median(run.seconds for run in ours)
            slow = statistics.median(run.seconds for run in theirs)
            free = statistics.median(counts) / idle_counts()
            speeds[name] = {"dlt-java": requests / wall, "dlt": requests / slow}
            rows.append(
                [
                    name,
                    f"{wall:.2f}",
                    f"{slow:.2f}",
                    f"{slow / wall:.1f} x",
                    f"{wall / least:.2f} x",
                    f"{free:.0%}",
                ]
            )
    header = ["case", "dlt-java, s", "dlt, s", "faster", "latency bound", "Python's speed beside"]
    print(table(header, rows))
    if arguments.svg:
        bars(
            f"Requests that take {arguments.latency} ms", "requests a second", speeds, arguments.svg
        )


if __name__ == "__main__":
    main()
