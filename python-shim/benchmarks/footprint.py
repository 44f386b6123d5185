# SPDX-License-Identifier: Apache-2.0
"""What the library costs besides time: size, start-up, the first batch, peak memory.

    python benchmarks/footprint.py --megabytes 100 1000

Each figure is of a process of its own. Memory is the peak of a process that reads a file batch by
batch and lets each go, above that of a process that has only imported dlt.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from data import json_lines
from report import medians, peak_megabytes, table


def _measure_here(path: str | None) -> dict[str, Any]:
    import dlt

    start = time.perf_counter()
    import dlt_java

    assert dlt.__version__
    rows, first = 0, 0.0
    if path is not None:
        options = dlt_java.SourceOptions((), "items", file=path, load_id="1")
        with dlt_java.Source(options) as source:
            for batch in source:
                first = first or time.perf_counter() - start
                rows += batch.num_rows if batch.parent_table is None else 0
                del batch
    peak = peak_megabytes()
    return {"first": first, "seconds": time.perf_counter() - start, "peak": peak, "rows": rows}


def _measure(path: Path | None) -> dict[str, Any]:
    command = [sys.executable, __file__, "--one", str(path or "")]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        raise SystemExit(result.stderr)
    found: dict[str, Any] = json.loads(result.stdout)
    if path is not None and found["rows"] != _lines(path):
        raise SystemExit(f"{found['rows']} rows of {path.name}")
    return found


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in file)


def main() -> None:
    """Runs the benchmark, or one measurement of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--megabytes", type=float, nargs="+", default=[100, 1000])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "dlt-java-data")
    arguments = parser.parse_args()
    if arguments.one is not None:
        print(json.dumps(_measure_here(arguments.one or None)))
        return
    files = {"one record": json_lines("games", 0.0001, arguments.data)} | {
        f"{megabytes:g} MB of {name}": json_lines(name, megabytes, arguments.data)
        for name in ("games", "orders")
        for megabytes in arguments.megabytes
    }
    rows = []
    idle = medians({"idle": lambda: float(_measure(None)["peak"])}, arguments.repeats)["idle"]
    for name, path in files.items():
        figures = [_measure(path) for _ in range(arguments.repeats)]
        median = functools.partial(_median, figures)
        rows.append(
            [
                name,
                f"{1000 * median('first'):.0f}",
                f"{median('seconds'):.2f}",
                f"{median('peak') - idle:.0f}",
            ]
        )
    print(table(["data", "first batch, ms", "all, s", "MB above idle"], rows))
    library = os.environ.get("DLT_JAVA_LIBRARY")
    if library:
        print(f"\nThe library has {Path(library).stat().st_size / 1e6:.0f} MB.")


def _median(figures: list[dict[str, Any]], name: str) -> float:
    return float(statistics.median(figure[name] for figure in figures))


if __name__ == "__main__":
    main()
