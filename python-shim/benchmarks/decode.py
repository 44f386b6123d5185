# SPDX-License-Identifier: Apache-2.0
"""JSON Lines to Arrow tables: this library beside the readers a user could pick instead.

    python benchmarks/decode.py --megabytes 100 --repeats 5

Each reader gets the same bytes in memory (DuckDB, which reads files, a file that is in the page
cache), in a process of its own that may use as many cores as threads, and has to find as many rows.
Readers that are not installed are left out. `dlt-java` makes dlt's tables, child tables included,
which the others do not.
"""

from __future__ import annotations

import argparse
import functools
import importlib.util
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from data import GENERATORS, json_lines
from report import bars, medians, table

_WARM_UPS = 1


def _dlt_java(path: Path, data: bytes, threads: int) -> int:
    import dlt_java

    return int(dlt_java.to_arrow(data, "items")["items"].num_rows)


def _pyarrow(path: Path, data: bytes, threads: int) -> int:
    import pyarrow as pa
    from pyarrow import json

    pa.set_cpu_count(threads)
    options = json.ReadOptions(use_threads=threads > 1, block_size=16 << 20)
    return int(json.read_json(io.BytesIO(data), read_options=options).num_rows)


def _polars(path: Path, data: bytes, threads: int) -> int:
    import polars

    return int(polars.read_ndjson(io.BytesIO(data)).height)


def _duckdb(path: Path, data: bytes, threads: int) -> int:
    import duckdb

    with duckdb.connect(config={"threads": threads}) as connection:
        query = "SELECT * FROM read_json(?, format = 'newline_delimited')"
        found: Any = connection.execute(query, [str(path)])
        # Its name in older versions.
        rows = found.to_arrow_table if hasattr(found, "to_arrow_table") else found.fetch_arrow_table
        return int(rows().num_rows)


def _orjson(path: Path, data: bytes, threads: int) -> int:
    import orjson
    import pyarrow as pa

    rows: Any = pa.Table.from_pylist([orjson.loads(line) for line in data.splitlines()])
    return int(rows.num_rows)


READERS: dict[str, Callable[[Path, bytes, int], int]] = {
    "dlt-java": _dlt_java,
    "pyarrow.json": _pyarrow,
    "polars": _polars,
    "DuckDB": _duckdb,
    "orjson + pyarrow": _orjson,
}


def _installed(reader: str) -> bool:
    modules = {"pyarrow.json": "pyarrow", "orjson + pyarrow": "orjson"}
    name = modules.get(reader, reader.lower().replace("-", "_"))
    return importlib.util.find_spec(name) is not None


def _measure_here(reader: str, path: Path, threads: int) -> None:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    data = path.read_bytes()
    expected = data.count(b"\n")
    for _ in range(_WARM_UPS + 1):
        start = time.perf_counter()
        rows = READERS[reader](path, data, threads)
        seconds = time.perf_counter() - start
        if rows != expected:
            raise SystemExit(f"{reader} found {rows} rows in {path.name}, expected {expected}")
    print(seconds)


def _measure(reader: str, path: Path, threads: int) -> float:
    environment = {**os.environ, "POLARS_MAX_THREADS": str(threads)}
    command = [sys.executable, __file__, "--one", reader, str(path), str(threads)]
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    if result.returncode != 0:
        raise SystemExit(result.stderr)
    return float(result.stdout)


def main() -> None:
    """Runs the benchmark, or one measurement of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--megabytes", type=float, default=100)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "dlt-java-data")
    parser.add_argument("--svg", type=Path)
    arguments = parser.parse_args()
    if arguments.one:
        reader, path, threads = arguments.one
        _measure_here(reader, Path(path), int(threads))
        return
    readers = list(filter(_installed, READERS))
    speeds: dict[str, dict[str, float]] = {}
    rows: list[list[Any]] = []
    for name in GENERATORS:
        path = json_lines(name, arguments.megabytes, arguments.data)
        for threads in arguments.threads:
            measures = {
                reader: functools.partial(_measure, reader, path, threads) for reader in readers
            }
            seconds = medians(measures, arguments.repeats)
            size = path.stat().st_size / 1e6
            found = {reader: size / value for reader, value in seconds.items()}
            best = max(value for reader, value in found.items() if reader != "dlt-java")
            speeds[f"{name}, {threads} thread{'s' if threads > 1 else ''}"] = found
            numbers = [f"{value:.0f}" for value in found.values()]
            rows.append([name, threads, *numbers, f"{found['dlt-java'] / best:.2f}"])
    print(table(["data", "threads", *readers, "dlt-java / best"], rows))
    print("\nMB/s of JSON text, medians of", arguments.repeats)
    if arguments.svg:
        bars("JSON Lines to Arrow", "MB/s", speeds, arguments.svg)


if __name__ == "__main__":
    main()
