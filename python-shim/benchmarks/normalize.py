# SPDX-License-Identifier: Apache-2.0
"""JSON to normalized tables with dlt's columns: this library beside dlt's extract and normalize.

    python benchmarks/normalize.py --megabytes 20 --repeats 3

This library starts from JSON text; dlt gets the records parsed already, and writes load files where
this library makes Arrow tables in memory. Row counts of all tables have to agree.
"""

from __future__ import annotations

import argparse
import functools
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dlt
import orjson
from data import json_lines
from report import bars, medians, table

import dlt_java

_DATA = ("orders", "games", "events")


class Comparison:
    """Both ways for one data set."""

    def __init__(self, name: str, path: Path, folder: Path) -> None:
        """Reads the data.

        Args:
            name: Of the root table.
            path: JSON Lines.
            folder: For dlt's files.
        """
        self._name = name
        self._folder = folder
        self._text = path.read_bytes()
        self._records = [orjson.loads(line) for line in self._text.splitlines()]
        self._rows: dict[str, dict[str, int]] = {}

    def ours(self) -> float:
        """Seconds of `to_arrow`."""
        start = time.perf_counter()
        tables = dlt_java.to_arrow(self._text, self._name, dlt_columns=True)
        seconds = time.perf_counter() - start
        self._rows["ours"] = {name: rows.num_rows for name, rows in tables.items()}
        return seconds

    def theirs(self, file_format: Any) -> float:
        """Seconds of dlt's extract and normalize.

        Args:
            file_format: Of its load files.
        """
        shutil.rmtree(self._folder, ignore_errors=True)
        pipeline = dlt.pipeline(
            "theirs", destination="duckdb", pipelines_dir=str(self._folder), dev_mode=True
        )
        start = time.perf_counter()
        pipeline.extract(self._records, table_name=self._name, loader_file_format=file_format)
        pipeline.normalize()
        seconds = time.perf_counter() - start
        trace: Any = pipeline.last_trace
        counts = trace.last_normalize_info.row_counts
        self._rows["theirs"] = {
            name: count for name, count in counts.items() if not name.startswith("_dlt")
        }
        return seconds

    def check(self) -> None:
        """Compares row counts."""
        if self._rows["ours"] != self._rows["theirs"]:
            raise SystemExit(f"different rows in {self._name}: {self._rows}")


def main() -> None:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=20)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "dlt-java-data")
    parser.add_argument("--svg", type=Path)
    arguments = parser.parse_args()
    dlt_java.to_arrow(b"{}", "start")
    rows: list[list[Any]] = []
    speeds: dict[str, dict[str, float]] = {}
    for name in _DATA:
        path = json_lines(name, arguments.megabytes, arguments.data)
        comparison = Comparison(name, path, arguments.data / "pipelines")
        measures: dict[str, Callable[[], float]] = {
            "dlt-java": comparison.ours,
            "dlt": functools.partial(comparison.theirs, None),
            "dlt, parquet": functools.partial(comparison.theirs, "parquet"),
        }
        seconds = medians(measures, arguments.repeats)
        comparison.check()
        size = path.stat().st_size / 1e6
        speeds[name] = {way: size / value for way, value in seconds.items()}
        ours = seconds["dlt-java"]
        ratios = [f"{value / ours:.0f} x" for way, value in seconds.items() if way != "dlt-java"]
        rows.append([name, *(f"{value:.3f}" for value in seconds.values()), *ratios])
    print(table(["data", *(f"{way}, s" for way in measures), "dlt", "dlt, parquet"], rows))
    if arguments.svg:
        bars("JSON to normalized tables", "MB/s", speeds, arguments.svg)


if __name__ == "__main__":
    main()
